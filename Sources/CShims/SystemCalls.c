#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "CShims.h"

int swold_fallocate(int descriptor, int64_t size) { return fallocate(descriptor, 0, 0, size); }

int swold_random(void *bytes, size_t count) {
  return getrandom(bytes, count, 0) == (ssize_t)count ? 0 : -1;
}

const char *swold_find_or_end(const char *text, int byte) { return strchrnul(text, byte); }

int swold_fork(void) { return fork(); }

int swold_lock(int descriptor, int waits) {
  return flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB);
}

int swold_contains(const void *bytes, size_t count, const void *needle, size_t length) {
  return memmem(bytes, count, needle, length) != NULL;
}
