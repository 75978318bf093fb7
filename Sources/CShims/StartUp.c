// Memory that even the smallest link touches: some 600 KiB of the heap, page by page. Each page is a
// fault, and the heap grows by a call of the kernel for each 128 KiB, so that a link of hello spent a
// sixteenth of its time there.

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CShims.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // Linux 5.14; older kernels refuse it, and pages come one by one
#endif

void swold_prepare_memory(void) {
  // One heap for all that the tables of the link do not take for themselves, and what is freed stays
  // in it. glibc learns the same, but only after it has given large blocks back.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
  const size_t usual = 640 << 10;
  char *block = malloc(usual);
  if (!block) return;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t first = ((uintptr_t)block + page - 1) & ~(page - 1);
  madvise((void *)first, ((uintptr_t)block + usual - first) & ~(page - 1), MADV_POPULATE_WRITE);
  free(block);
}
