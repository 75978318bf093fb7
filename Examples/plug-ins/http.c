#include "plugin.h"

static const struct plugin http_plugin = {"http"};
REGISTER(50_http, http_plugin);
