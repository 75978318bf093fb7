// What happens to the files of a link that ends before its time.
//
// Everything here may run in a signal handler, at any moment and on any thread, so it is C, allocates
// nothing and calls only what POSIX lists as safe there. The path and the list of mappings are set
// before they are needed and never freed.

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "CShims.h"

struct mapping {
  uintptr_t start, end;
  char *path;
  struct mapping *next;
};

static const int failures[] = {SIGBUS, SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGABRT};
enum { failure_count = sizeof failures / sizeof *failures };

/// What these signals would have done: end the process, or print a backtrace (SWIFT_BACKTRACE).
static struct sigaction previous[failure_count];

static _Atomic(char *) temporary;
static _Atomic(struct mapping *) mappings;

/// How many bytes of stack a handler gets: a stack that has overflowed has none left.
enum { handler_stack = 64 << 10 };

static void say(const char *text) {
  size_t count = strlen(text);
  while (count > 0) {
    ssize_t written = write(STDERR_FILENO, text, count);
    if (written <= 0) return;
    text += written;
    count -= (size_t)written;
  }
}

void swold_guard_remove_temporary(void) {
  char *path = atomic_exchange(&temporary, NULL);
  if (path) unlink(path);
}

/// What others would find missing or in their way.
static void leave_nothing_behind(void) {
  swold_guard_remove_temporary();
  swold_jobs_give_back();
}

/// The process was asked to end.
static void end(int number) {
  leave_nothing_behind();
  signal(number, SIG_DFL);
  raise(number);
}

/// Whether so little is left of the address space that the process may have that a failure is one of
/// memory, and not a bug: a quarter of the limit cannot be had any more. Swift ends a process that
/// gets no memory by the same signals as any other. Only where there is a limit.
static int is_out_of_memory(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  void *block = mmap(NULL, limit.rlim_cur / 4, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (block == MAP_FAILED) return 1;
  munmap(block, limit.rlim_cur / 4);
  return 0;
}

/// The process did something that it must not.
static void fail(int number, siginfo_t *info, void *context) {
  (void)context;
  leave_nothing_behind();
  if (number == SIGBUS) {
    uintptr_t address = (uintptr_t)info->si_addr;
    for (struct mapping *m = atomic_load(&mappings); m; m = m->next) {
      if (address < m->start || address >= m->end) continue;
      say("swold: error: ");
      say(m->path);
      say(": cannot be read any more: the file became shorter during the link, or its disk failed\n");
      _exit(1);
    }
  }
  if (is_out_of_memory()) {
    say("swold: error: out of memory: this link needs more than the limit on address space "
        "(ulimit -v) allows\n");
    _exit(1);
  }
  // A bug. What was there before this handler shows where: the instruction is run again, or the
  // signal sent again.
  for (int i = 0; i < failure_count; i++) {
    if (failures[i] == number) sigaction(number, &previous[i], NULL);
  }
  if (number == SIGABRT || number == SIGTRAP) raise(number);
}

void swold_guard_install(void) {
  static const int requests[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    struct sigaction old, new = {.sa_handler = end};
    sigemptyset(&new.sa_mask);
    // What the caller ignores (nohup) stays ignored.
    if (sigaction(requests[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
      sigaction(requests[i], &new, NULL);
    }
  }
  void *stack = mmap(NULL, handler_stack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack != MAP_FAILED) {
    stack_t alternative = {.ss_sp = stack, .ss_size = handler_stack};
    sigaltstack(&alternative, NULL);
  }
  for (int i = 0; i < failure_count; i++) {
    struct sigaction new = {.sa_sigaction = fail};
    sigemptyset(&new.sa_mask);
    new.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(failures[i], &new, &previous[i]);
  }
  // Writing to a closed pipe, or more than RLIMIT_FSIZE allows, is an error like any other.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

int swold_guard_standard_descriptors(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest free number is this one.
    if (open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY) != descriptor) return -1;
  }
  return 0;
}

void swold_guard_temporary(const char *path) {
  atomic_store(&temporary, path ? strdup(path) : NULL);
}

void swold_guard_mapping(const void *start, size_t count, const char *path) {
  struct mapping *m = malloc(sizeof *m);
  char *copy = strdup(path);
  if (!m || !copy) return;
  m->start = (uintptr_t)start;
  m->end = m->start + count;
  m->path = copy;
  m->next = atomic_load(&mappings);
  while (!atomic_compare_exchange_weak(&mappings, &m->next, m)) {
  }
}
