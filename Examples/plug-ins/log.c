#include "plugin.h"

static const struct plugin log_plugin = {"log"};
REGISTER(10_log, log_plugin);
