// The job server of GNU make: a pipe or a FIFO with a byte for each job that may run besides the one
// that everybody has without asking (GNU make manual, "Sharing Job Slots with GNU make"). A byte that
// is taken has to be written back, however the process ends, so this is C: the guard's signal handlers
// call swold_jobs_give_back. One process has one server and asks it from one thread.

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CShims.h"

enum { most_tokens = 1024 };

static int reading = -1, writing = -1;
static unsigned char tokens[most_tokens];
static atomic_int held;

static int is_fifo(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

int swold_jobs_open_fifo(const char *path) {
  // For reading and writing, so that neither open nor a last writer's end blocks.
  int descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return -1;
  if (!is_fifo(descriptor)) {
    close(descriptor);
    return -1;
  }
  reading = writing = descriptor;
  return 0;
}

int swold_jobs_open_pipe(int reader, int writer) {
  if (reader < 0 || writer < 0 || !is_fifo(reader) || !is_fifo(writer)) return -1;
  int flags = fcntl(writer, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) return -1;
  // Its own description of the pipe: O_NONBLOCK on that of make would be everybody's.
  char path[40];
  snprintf(path, sizeof path, "/proc/self/fd/%d", reader);
  int own = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (own < 0) return -1;
  reading = own;
  writing = writer;
  return 0;
}

int swold_jobs_take(int most) {
  if (reading < 0) return 0;
  // A signal between the read and the count would lose the byte.
  sigset_t all, previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  int count = atomic_load(&held), room = most_tokens - count;
  if (most > room) most = room;
  ssize_t taken = most > 0 ? read(reading, tokens + count, (size_t)most) : 0;
  if (taken > 0) atomic_store(&held, count + (int)taken);
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  return taken > 0 ? (int)taken : 0;
}

void swold_jobs_give_back(void) {
  int count = atomic_exchange(&held, 0);
  const unsigned char *next = tokens;
  while (count > 0) {
    ssize_t written = write(writing, next, (size_t)count);
    if (written <= 0) return;
    next += written;
    count -= (int)written;
  }
}
