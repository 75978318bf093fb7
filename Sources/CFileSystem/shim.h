// Calls that Swift's Glibc module leaves out: extended attributes, copying a range of bytes from file
// to file inside the kernel, room for a file, files in memory, a search for bytes.
#ifndef SWOLD_CFILESYSTEM_SHIM_H
#define SWOLD_CFILESYSTEM_SHIM_H

#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

long syscall(long number, ...);

/// copy_file_range(2): copies `count` bytes, sharing them where the file system can.
static inline ssize_t swold_copy_file_range(int from, off_t *from_offset, int to,
                                            off_t *to_offset, size_t count) {
  return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, count, 0);
}

/// fallocate(2) with FALLOC_FL_KEEP_SIZE: gives a file `size` bytes of the disk, but does not make it
/// as large. Fails, and changes nothing, where the file system cannot.
static inline int swold_allocate(int file, off_t size) {
  return (int)syscall(SYS_fallocate, file, 1, (off_t)0, size);
}

void *memmem(const void *bytes, size_t count, const void *wanted, size_t length);

/// memmem(3): where `wanted` begins for the first time, or NULL.
static inline const void *swold_find(const void *bytes, size_t count, const void *wanted,
                                     size_t length) {
  return memmem(bytes, count, wanted, length);
}

/// memfd_create(2) with MFD_CLOEXEC: an open file without a name, or -1.
static inline int swold_memory_file(void) {
  return (int)syscall(SYS_memfd_create, "swold", 1u);
}

#endif
