// The file of --run-log: a line for each linker that swold took the place of.

#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ExecInterpose.h"

// What the linker was asked to write, as far as that stands on the command line itself.
static const char *output_of(char *const *argv) {
  const char *output = "a.out";
  for (; argv && *argv; argv++) {
    if (strcmp(*argv, "-o") == 0 && argv[1]) output = *++argv;
    else if (strncmp(*argv, "-o", 2) == 0 && (*argv)[2] && strncmp(*argv, "-om", 3) != 0)
      output = *argv + 2;
    else if (strncmp(*argv, "--output=", 9) == 0) output = *argv + 9;
    else if ((*argv)[0] == '@') output = *argv;
  }
  return output;
}

void swold_run_log(const char *log, const char *called, char *const *argv) {
  char line[3 * PATH_MAX], folder[PATH_MAX];
  if (!getcwd(folder, sizeof folder)) strcpy(folder, "?");
  int length = snprintf(line, sizeof line, "%s\t%s\t%s\n", called, folder, output_of(argv));
  if (length < 0) return;
  if ((size_t)length >= sizeof line) line[(length = sizeof line - 1) - 1] = '\n';
  int file = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return;
  // One write, so that lines of processes that run at the same time do not mix.
  if (write(file, line, (size_t)length) < 0) { /* there is nobody to tell */ }
  close(file);
}
