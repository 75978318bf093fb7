// The exec family and posix_spawn, which put swold in the place of linkers.
//
// All of them are here, because libc calls its own functions directly: execl does not go through our
// execve. The functions with lists of arguments are why this library is written in C.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "Plan.h"

#define EXPORT __attribute__((visibility("default")))

// libc's own function. dlsym is asked at the start: the child of a vfork should not.
#define NEXT(name) \
  static __typeof__(&name) next_##name; \
  __attribute__((constructor)) static void find_##name(void) { \
    next_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
  }

NEXT(execve)
NEXT(execvpe)
NEXT(posix_spawn)
NEXT(posix_spawnp)
NEXT(fexecve)

// A constructor of another library may call exec before ours has run.
#define CALL(name, ...) (next_##name ? next_##name : (find_##name(), next_##name))(__VA_ARGS__)

EXPORT int execve(const char *path, char *const argv[], char *const envp[]) {
  PLAN(path, 0, argv, envp);
  return CALL(execve, plan.path, plan.argv, plan.envp);
}

EXPORT int execv(const char *path, char *const argv[]) { return execve(path, argv, environ); }

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[]) {
  PLAN(file, 1, argv, envp);
  if (plan.is_replaced) return CALL(execve, plan.path, plan.argv, plan.envp);
  return CALL(execvpe, plan.path, plan.argv, plan.envp);
}

EXPORT int execvp(const char *file, char *const argv[]) { return execvpe(file, argv, environ); }

// The words from `first` to the null, and what follows it.
#define COLLECT(first)                                        \
  va_list list;                                               \
  va_start(list, first);                                      \
  size_t count = 0;                                           \
  for (const char *word = first; word; count++) word = va_arg(list, char *); \
  va_end(list);                                               \
  char *argv[count + 1];                                      \
  va_start(list, first);                                      \
  argv[0] = (char *)first;                                    \
  for (size_t i = 1; i <= count; i++) argv[i] = va_arg(list, char *)

EXPORT int execl(const char *path, const char *first, ...) {
  COLLECT(first);
  va_end(list);
  return execve(path, argv, environ);
}

EXPORT int execlp(const char *file, const char *first, ...) {
  COLLECT(first);
  va_end(list);
  return execvpe(file, argv, environ);
}

EXPORT int execle(const char *path, const char *first, ...) {
  COLLECT(first);
  char *const *envp = va_arg(list, char *const *);
  va_end(list);
  return execve(path, argv, envp);
}

// The name of an open file; null without one.
static const char *name_of(int file, char *room, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, room, size - 1);
  if (length <= 0) return NULL;
  room[length] = 0;
  return room;
}

EXPORT int fexecve(int file, char *const argv[], char *const envp[]) {
  char name[PATH_MAX];
  PLAN(name_of(file, name, sizeof name), 0, argv, envp);
  if (plan.is_replaced) return CALL(execve, plan.path, plan.argv, plan.envp);
  return CALL(fexecve, file, plan.argv, plan.envp);
}

// glibc has it from 2.34 on; the system call is older.
EXPORT int execveat(int folder, const char *path, char *const argv[], char *const envp[], int flags) {
  char name[PATH_MAX];
  const char *called = path;
  if (!*path && (flags & AT_EMPTY_PATH)) called = name_of(folder, name, sizeof name);
  PLAN(called, 0, argv, envp);
  if (plan.is_replaced) return CALL(execve, plan.path, plan.argv, plan.envp);
  return (int)syscall(SYS_execveat, folder, path, plan.argv, plan.envp, flags);
}

EXPORT int posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
  PLAN(path, 0, argv, envp);
  return CALL(posix_spawn, child, plan.path, actions, attributes, plan.argv, plan.envp);
}

EXPORT int posix_spawnp(pid_t *child, const char *file, const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes, char *const argv[],
                        char *const envp[]) {
  PLAN(file, 1, argv, envp);
  if (plan.is_replaced)
    return CALL(posix_spawn, child, plan.path, actions, attributes, plan.argv, plan.envp);
  return CALL(posix_spawnp, child, plan.path, actions, attributes, plan.argv, plan.envp);
}
