// Runs one command and reports what it cost: wall time until the command itself ends and until its
// last descendant ends, processor time, peak memory.
//
//   measure FD COMMAND ARGUMENTS…    prints "status wall all user system peak" to descriptor FD
//
// Seconds; peak in KiB; status is the exit code, or 128 and the signal.
// A program of its own and not a few lines of Python because Linux starts a process's peak memory
// at that of the process that made it: a small maker keeps the figure honest. It adopts orphans,
// so a linker that leaves while a child still tidies up is charged for the child, too.
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}
static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: measure FD COMMAND ARGUMENTS...\n");
    return 2;
  }
  int out = atoi(arguments[1]);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  double begin = now(), wall = 0, user = 0, system = 0;
  long peak = 0;
  pid_t command = vfork();
  if (command == 0) {
    close(out);
    execvp(arguments[2], arguments + 2);
    _exit(127);
  }
  int code = 127;
  for (;;) {
    int status;
    struct rusage usage;
    pid_t ended = wait4(-1, &status, 0, &usage);
    if (ended < 0) break;
    if (ended == command) {
      wall = now() - begin;
      code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    user += seconds(usage.ru_utime);
    system += seconds(usage.ru_stime);
    if (usage.ru_maxrss > peak) peak = usage.ru_maxrss;
  }
  dprintf(out, "%d %.6f %.6f %.6f %.6f %ld\n", code, wall, now() - begin, user, system, peak);
  return 0;
}
