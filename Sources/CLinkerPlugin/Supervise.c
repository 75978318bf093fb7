// A process that waits for another one, so that somebody is left to clear up whatever happens to it.

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CLinkerPlugin.h"

// Read by the signal handler: no more than a number, and set while signals are blocked.
static volatile pid_t child;

static void pass_on(int number) {
  int saved = errno;
  // Compilers that the plugin has started are in the same group.
  if (child > 0) kill(-child, number);
  errno = saved;
}

int swold_plugin_supervise(const char *path, char *const *arguments) {
  static const int requests[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
  sigset_t blocked, old;
  sigemptyset(&blocked);
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) sigaddset(&blocked, requests[i]);
  sigprocmask(SIG_BLOCK, &blocked, &old);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &old);
  pid_t started = 0;
  int error = posix_spawn(&started, path, NULL, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    sigprocmask(SIG_SETMASK, &old, NULL);
    errno = error;
    return -1;
  }
  child = started;
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    struct sigaction before, new = {.sa_handler = pass_on};
    sigemptyset(&new.sa_mask);
    if (sigaction(requests[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
      sigaction(requests[i], &new, NULL);
    }
  }
  sigprocmask(SIG_SETMASK, &old, NULL);
  int status = 0;
  pid_t ended;
  while ((ended = waitpid(started, &status, 0)) < 0 && errno == EINTR) {}
  // Whatever it has left behind in its group has nobody to work for any more.
  kill(-started, SIGKILL);
  child = 0;
  return ended == started ? status : -1;
}

void swold_plugin_end_with_parent(void) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() == 1) raise(SIGTERM);
}
