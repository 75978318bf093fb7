// Messages of plugins, which come as the arguments of printf.

#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "CLinkerPlugin.h"

static plugin_message_sink message_sink;

void swold_plugin_set_sink(plugin_message_sink sink) { message_sink = sink; }

static int message(int level, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = NULL;
  int length = vasprintf(&text, format, arguments);
  va_end(arguments);
  if (length < 0) text = NULL;
  if (message_sink) message_sink(level, text ? text : format);
  free(text);
  return plugin_ok;
}

void *swold_plugin_message_function(void) { return (void *)message; }
