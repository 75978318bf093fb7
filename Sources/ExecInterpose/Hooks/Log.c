// What --run-log and SWOLD_WRAPPER_DEBUG show.

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../include/ExecInterpose.h"
#include "Plan.h"

void swold_log(const char *name, char *const *argv, const char *log_path, int is_replaced) {
  if (is_replaced && log_path && *log_path) swold_run_log(log_path, name, argv);
  const char *debug = getenv("SWOLD_WRAPPER_DEBUG");
  if (!debug || !*debug || strcmp(debug, "0") == 0) return;
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "swold -run: %s%s\n", name, is_replaced ? " -> swold" : "");
  if (length < 0) return;
  if ((size_t)length >= sizeof line) line[(length = sizeof line - 1) - 1] = '\n';
  if (write(STDERR_FILENO, line, (size_t)length) < 0) { /* there is nobody to tell */ }
}
