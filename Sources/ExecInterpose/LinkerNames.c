// Which programs are linkers, by their names.

#define _GNU_SOURCE
#include <ctype.h>
#include <string.h>

#include "ExecInterpose.h"

static const char *const names[] = {"ld", "ld.bfd", "ld.gold", "ld.lld", "ld.mold", "ld.wild"};

// Targets that swold links for, by the first word of their names.
static const char *const machines[] = {"x86_64", "i386",    "i486",    "i586",   "i686",
                                       "aarch64", "riscv32", "riscv64", "arm",    "armv6l",
                                       "armv7a",  "armv7l",  "armv8l",  "armhf"};

// Targets of these machines whose files are not ELF.
static const char *const foreign[] = {"mingw", "cygwin", "darwin", "djgpp", "uefi", "-pe"};

static int is_one_of(const char *word, size_t length, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0) return 1;
  return 0;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int is_known_target(const char *prefix, size_t length) {
  const char *dash = memchr(prefix, '-', length);
  size_t machine = dash ? (size_t)(dash - prefix) : length;
  if (!is_one_of(prefix, machine, machines, COUNT(machines))) return 0;
  for (size_t i = 0; i < COUNT(foreign); i++)
    if (memmem(prefix, length, foreign[i], strlen(foreign[i]))) return 0;
  return 1;
}

int swold_is_linker_name(const char *path) {
  const char *base = strrchr(path, '/');
  base = base ? base + 1 : path;
  size_t length = strlen(base);
  // A version: ld.lld-19, ld.bfd-2.40.
  size_t digits = length;
  while (digits > 0 && (isdigit((unsigned char)base[digits - 1]) || base[digits - 1] == '.')) digits--;
  if (digits > 0 && digits < length && base[digits - 1] == '-') length = digits - 1;

  const char *dash = memrchr(base, '-', length);
  if (!dash) return is_one_of(base, length, names, COUNT(names));
  size_t prefix = (size_t)(dash - base);
  return is_one_of(dash + 1, length - prefix - 1, names, COUNT(names)) &&
         is_known_target(base, prefix);
}
