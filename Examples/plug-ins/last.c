#include "plugin.h"

static const struct plugin last_plugin = {"last"};
REGISTER(90_last, last_plugin);
