// Preloaded into the shell of a case that tests another machine, and so into everything that it
// starts: a program of that machine runs under QEMU's user emulation. (The kernel could do the same by
// binfmt_misc; but not every container may tell it.)
//
// What the C library's exec functions and posix_spawn get is looked at: an ELF file for one of the
// machines below is replaced by `qemu-… -L SYSROOT -0 ARGV0 FILE …`. Variables for the dynamic linker
// go to the program, not to QEMU, which is a dynamically linked program itself.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

struct machine { int number, class; const char *qemu, *sysroot; };
static const struct machine machines[] = {
  { EM_AARCH64, ELFCLASS64, "qemu-aarch64", "/usr/aarch64-linux-gnu" },
  { EM_ARM, ELFCLASS32, "qemu-arm", "/usr/arm-linux-gnueabihf" },
  { EM_RISCV, ELFCLASS64, "qemu-riscv64", "/usr/riscv64-linux-gnu" },
  { EM_RISCV, ELFCLASS32, "qemu-riscv32", "/" },
};

// The machine of a program that this one cannot run, or NULL.
static const struct machine *foreign(const char *path) {
  unsigned char head[20];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return NULL;
  ssize_t count = read(file, head, sizeof head);
  close(file);
  if (count != sizeof head || memcmp(head, ELFMAG, SELFMAG) || access(path, X_OK)) return NULL;
  int number = head[18] | head[19] << 8;
  for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
    if (machines[i].number == number && machines[i].class == head[EI_CLASS]) return &machines[i];
  return NULL;
}

struct call { char *path, **argv, **envp; };

// The call that starts QEMU instead. What it allocates is gone with the exec.
static struct call emulated(const struct machine *machine, const char *path, char *const argv[],
                            char *const envp[]) {
  size_t arguments = 0, variables = 0;
  while (argv[arguments]) arguments++;
  while (envp && envp[variables]) variables++;
  struct call call;
  call.path = malloc(64);
  snprintf(call.path, 64, "/usr/bin/%s", machine->qemu);
  char **out = call.argv = malloc((arguments + 2 * variables + 8) * sizeof *out);
  char **kept = call.envp = malloc((variables + 1) * sizeof *kept);
  *out++ = call.path;
  *out++ = "-L";
  *out++ = (char *)machine->sysroot;
  for (size_t i = 0; i < variables; i++) {
    if (strncmp(envp[i], "LD_", 3)) {
      *kept++ = envp[i];
      continue;
    }
    if (!strncmp(envp[i], "LD_PRELOAD=", 11) && strstr(envp[i], "foreign-exec")) continue;
    *out++ = "-E";
    *out++ = envp[i];
  }
  *kept = NULL;
  *out++ = "-0";
  *out++ = argv[0] ? argv[0] : (char *)path;
  *out++ = (char *)path;
  for (size_t i = 1; i < arguments; i++) *out++ = argv[i];
  *out = NULL;
  return call;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int execve(const char *path, char *const argv[], char *const envp[]) {
  const struct machine *machine = foreign(path);
  if (!machine) return NEXT(execve)(path, argv, envp);
  struct call call = emulated(machine, path, argv, envp);
  return NEXT(execve)(call.path, call.argv, call.envp);
}

// Looks in PATH as the C library does.
int execvpe(const char *file, char *const argv[], char *const envp[]) {
  const char *path = getenv("PATH");
  if (strchr(file, '/') || !path) {
    if (strchr(file, '/') && foreign(file)) return execve(file, argv, envp);
    return NEXT(execvpe)(file, argv, envp);
  }
  for (const char *end; *path; path = *end ? end + 1 : end) {
    end = strchrnul(path, ':');
    char whole[4096];
    snprintf(whole, sizeof whole, "%.*s/%s", (int)(end - path), path, file);
    if (access(whole, X_OK)) continue;
    if (foreign(whole)) return execve(whole, argv, envp);
    break;
  }
  return NEXT(execvpe)(file, argv, envp);
}

int execv(const char *path, char *const argv[]) { return execve(path, argv, environ); }
int execvp(const char *file, char *const argv[]) { return execvpe(file, argv, environ); }

// The arguments of execl and its kin as an array.
#define COLLECT(argv, first)                                     \
  char *argv[256] = { (char *)first };                           \
  va_list list;                                                  \
  va_start(list, first);                                         \
  for (int i = 1; argv[i - 1] && i < 255; i++) argv[i] = va_arg(list, char *); \

int execl(const char *path, const char *first, ...) {
  COLLECT(argv, first)
  va_end(list);
  return execve(path, argv, environ);
}

int execlp(const char *file, const char *first, ...) {
  COLLECT(argv, first)
  va_end(list);
  return execvpe(file, argv, environ);
}

int execle(const char *path, const char *first, ...) {
  COLLECT(argv, first)
  char **envp = va_arg(list, char **);
  va_end(list);
  return execve(path, argv, envp);
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
  const struct machine *machine = foreign(path);
  if (!machine) return NEXT(posix_spawn)(pid, path, actions, attributes, argv, envp);
  struct call call = emulated(machine, path, argv, envp);
  return NEXT(posix_spawn)(pid, call.path, actions, attributes, call.argv, call.envp);
}

int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
  const struct machine *machine = strchr(file, '/') ? foreign(file) : NULL;
  if (!machine) return NEXT(posix_spawnp)(pid, file, actions, attributes, argv, envp);
  struct call call = emulated(machine, file, argv, envp);
  return NEXT(posix_spawn)(pid, call.path, actions, attributes, call.argv, call.envp);
}
