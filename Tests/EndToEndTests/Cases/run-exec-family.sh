#!/bin/bash
# machines: x86_64 (runs compilers and linkers of the host)
# `swold -run` and every function of libc that starts a program: swold runs in the place of a linker, and
# the environment that the caller passes arrives.
. "$(dirname "$0")/../prelude.sh"

cat >calls.c <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int c, char **v) {
  char *a[] = {"ld", "--version", 0}, *env[] = {"env", 0}, *only[] = {"ONLY=1", 0};
  const char *p = "/usr/bin/ld", *k = v[1];
  pid_t n;
  if (!strcmp(k, "execv")) execv(p, a);
  if (!strcmp(k, "execve")) execve(p, a, environ);
  if (!strcmp(k, "execvp")) execvp("ld", a);
  if (!strcmp(k, "execvpe")) execvpe("ld", a, environ);
  if (!strcmp(k, "execl")) execl(p, "ld", "--version", (char *)0);
  if (!strcmp(k, "execlp")) execlp("ld", "ld", "--version", (char *)0);
  if (!strcmp(k, "execle")) execle(p, "ld", "--version", (char *)0, environ);
  if (!strcmp(k, "fexecve")) fexecve(open(p, O_RDONLY | O_CLOEXEC), a, environ);
  if (!strcmp(k, "execveat")) execveat(AT_FDCWD, p, a, environ, 0);
  if (!strcmp(k, "execveat-of-file")) execveat(open(p, O_RDONLY), "", a, environ, AT_EMPTY_PATH);
  if (!strcmp(k, "syscall")) syscall(SYS_execve, p, a, environ);
  if (!strcmp(k, "posix_spawn") && posix_spawn(&n, p, 0, 0, a, environ)) return 1;
  if (!strcmp(k, "posix_spawnp") && posix_spawnp(&n, "ld", 0, 0, a, environ)) return 1;
  if (!strcmp(k, "vfork") && !vfork()) { execv(p, a); _exit(1); }
  if (!strcmp(k, "environment")) execvpe("env", env, only);
  if (!strcmp(k, "list-environment")) execle("/usr/bin/env", "env", (char *)0, only);
  if (!strcmp(k, "missing")) return execl("/no/such/ld", "ld", (char *)0) != -1;
  while (wait(&c) > 0) {}
}
END
gcc calls.c -o calls
gcc -static calls.c -o calls-static
for call in execv execve execvp execvpe execl execlp execle fexecve execveat execveat-of-file \
  posix_spawn posix_spawnp vfork; do
  "$SWOLD" -run ./calls $call >out
  grep '^swold-' out || fail "$call started another linker"
done
for call in environment list-environment; do
  "$SWOLD" -run ./calls $call >out
  grep -x ONLY=1 out
  grep '^SWOLD_PATH=' out  # an environment begun anew does not end it
  [ "$(grep -vc -e '^LD_PRELOAD=' -e '^SWOLD_PATH=' out)" = 1 ]
done
"$SWOLD" -run ./calls missing

# Who takes SWOLD_PATH away, or makes it empty, switches it off; the command itself may be a linker.
"$SWOLD" -run sh -c 'unset SWOLD_PATH; exec /usr/bin/ld --version' | grep 'GNU ld (GNU Binutils'
"$SWOLD" -run sh -c 'SWOLD_PATH= /usr/bin/ld --version' | grep 'GNU ld (GNU Binutils'
"$SWOLD" -run /usr/bin/ld --version | grep '^swold-'
SWOLD_WRAPPER_DEBUG=1 "$SWOLD" -run sh -c '/usr/bin/ld --version' 2>&1 | grep '^swold -run: /usr/bin/ld -> swold$'

# What no library can see: a static program, a system call without libc. A mount can.
"$SWOLD" -run ./calls syscall | grep 'GNU ld (GNU Binutils'
"$SWOLD" -run ./calls-static execlp 2>err | grep '^swold-'  # by PATH
grep 'note: ./calls-static is statically linked' err
"$SWOLD" -run ./calls-static execl 2>/dev/null | grep 'GNU ld (GNU Binutils'
unshare -Urm true 2>/dev/null || skip "this system has no mount namespaces for everybody"
"$SWOLD" -run --run-in-namespace ./calls syscall | grep '^swold-'
"$SWOLD" -run --run-in-namespace --run-log=log ./calls-static execl 2>/dev/null | grep '^swold-'
grep -P '^ld\t' log
