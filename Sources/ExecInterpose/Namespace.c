// Puts swold over the real linkers, in a mount namespace that only this process and its children see
// (mount_namespaces(7), user_namespaces(7)).

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "ExecInterpose.h"

static int write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t length = (ssize_t)strlen(text);
  int code = write(file, text, (size_t)length) == length ? 0 : -1;
  int error = errno;
  close(file);
  errno = error;
  return code;
}

// A user namespace gives the right to mount to those who have it not. Everybody keeps his number.
static int enter_user_namespace(void) {
  char users[64], groups[64];
  snprintf(users, sizeof users, "%ld %ld 1\n", (long)geteuid(), (long)geteuid());
  snprintf(groups, sizeof groups, "%ld %ld 1\n", (long)getegid(), (long)getegid());
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return -1;
  // Older kernels have no such file.
  if (write_file("/proc/self/setgroups", "deny") != 0 && errno != ENOENT) return -1;
  if (write_file("/proc/self/uid_map", users) != 0) return -1;
  return write_file("/proc/self/gid_map", groups);
}

int swold_enter_mount_namespace(void) {
  if (unshare(CLONE_NEWNS) != 0 && enter_user_namespace() != 0) return -1;
  return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

int swold_cover(const char *file, const char *with) { return mount(with, file, NULL, MS_BIND, NULL); }
