// Which loader a program has: gABI, chapter 5, "Program Interpreter".

#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ExecInterpose.h"

#if defined __x86_64__
#define OUR_MACHINE EM_X86_64
#elif defined __i386__
#define OUR_MACHINE EM_386
#elif defined __aarch64__
#define OUR_MACHINE EM_AARCH64
#elif defined __riscv
#define OUR_MACHINE EM_RISCV
#elif defined __arm__
#define OUR_MACHINE EM_ARM
#else
#define OUR_MACHINE EM_NONE
#endif

enum { HEAD = 4096, MAX_INTERPRETERS = 4 };

// The loaders of glibc are ld-linux.so.2, ld-linux-x86-64.so.2, ld-linux-aarch64.so.1, and so on;
// those of musl ld-musl-x86_64.so.1.
static int is_of_glibc(const char *interpreter) {
  const char *base = strrchr(interpreter, '/');
  return strncmp(base ? base + 1 : interpreter, "ld-linux", 8) == 0;
}

static enum swold_loader of_elf(int file, const char *head, size_t size) {
  ElfW(Ehdr) header;
  if (size < sizeof header) return SWOLD_LOADER_UNKNOWN;
  memcpy(&header, head, sizeof header);
  unsigned class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
  if (header.e_ident[EI_CLASS] != class || header.e_machine != OUR_MACHINE)
    return SWOLD_LOADER_OTHER;
  if (header.e_phentsize != sizeof(ElfW(Phdr))) return SWOLD_LOADER_UNKNOWN;
  for (unsigned i = 0; i < header.e_phnum && i < 256; i++) {
    ElfW(Phdr) segment;
    off_t place = (off_t)header.e_phoff + (off_t)(i * sizeof segment);
    if (pread(file, &segment, sizeof segment, place) != (ssize_t)sizeof segment)
      return SWOLD_LOADER_UNKNOWN;
    if (segment.p_type != PT_INTERP) continue;
    char name[256] = "";
    size_t length = segment.p_filesz < sizeof name ? segment.p_filesz : sizeof name - 1;
    if (pread(file, name, length, (off_t)segment.p_offset) != (ssize_t)length)
      return SWOLD_LOADER_UNKNOWN;
    name[sizeof name - 1] = 0;
    return is_of_glibc(name) ? SWOLD_LOADER_GLIBC : SWOLD_LOADER_OTHER;
  }
  return SWOLD_LOADER_NONE;
}

// The program behind `#!`, in place; null if there is none.
static char *interpreter_of_script(char *head, size_t size) {
  if (size < 3 || head[0] != '#' || head[1] != '!') return NULL;
  char *start = head + 2, *end = head + size;
  while (start < end && (*start == ' ' || *start == '\t')) start++;
  char *stop = start;
  while (stop < end && *stop && !strchr(" \t\n", *stop)) stop++;
  if (stop == start || stop == end) return NULL;
  *stop = 0;
  return start;
}

enum swold_loader swold_loader_of(const char *path) {
  char heads[2][HEAD];
  for (int depth = 0; depth < MAX_INTERPRETERS; depth++) {
    char *head = heads[depth % 2];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) return SWOLD_LOADER_UNKNOWN;
    ssize_t size = pread(file, head, HEAD, 0);
    enum swold_loader loader = SWOLD_LOADER_UNKNOWN;
    int is_elf = size >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0;
    if (is_elf) loader = of_elf(file, head, (size_t)size);
    close(file);
    if (is_elf || size <= 0) return loader;
    path = interpreter_of_script(head, (size_t)size);
    if (!path) return SWOLD_LOADER_UNKNOWN;
  }
  return SWOLD_LOADER_UNKNOWN;
}

enum swold_loader swold_loader_of_command(const char *name) {
  if (strchr(name, '/')) return swold_loader_of(name);
  const char *path = getenv("PATH");
  if (!path) path = "/bin:/usr/bin";
  for (;;) {
    size_t size = strcspn(path, ":");
    char file[PATH_MAX];
    int length = snprintf(file, sizeof file, "%.*s%s%s", (int)size, path, size ? "/" : "", name);
    if (length > 0 && (size_t)length < sizeof file && access(file, X_OK) == 0)
      return swold_loader_of(file);
    if (!path[size]) return SWOLD_LOADER_UNKNOWN;
    path += size + 1;
  }
}
