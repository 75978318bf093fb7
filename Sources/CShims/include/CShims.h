// What C can say and Swift cannot. State is only in Guard.c, JobServer.c and
// LocalSocket.c: what signal handlers have to know.
#ifndef SWOLD_CSHIMS_H
#define SWOLD_CSHIMS_H

#include <stddef.h>
#include <stdint.h>

/// The C++ runtime's demangler (Itanium C++ ABI, section 3.4 "Demangler API"). The result is
/// allocated with malloc and belongs to the caller; null if `name` is not a mangled name.
char *swold_demangle(const char *name);

/// The Swift runtime's demangler. The result is allocated with malloc and belongs to the caller;
/// null if `name` is not the name of a Swift entity.
char *swold_demangle_swift(const char *name, size_t length);

/// The number of processors that this process may run on. sched_getaffinity is a GNU extension,
/// which Swift's Glibc module leaves out.
int swold_available_processors(void);

/// fallocate(2) with mode 0: reserves the blocks of a file. Unlike posix_fallocate it fails where
/// the file system cannot, instead of writing zeros. GNU, as above.
int swold_fallocate(int descriptor, int64_t size);

/// Random bytes from the kernel; 0 on success.
int swold_random(void *bytes, size_t count);

/// Whether `needle` occurs in `bytes`: memmem(3), a GNU extension.
int swold_contains(const void *bytes, size_t count, const void *needle, size_t length);

/// How many of the bytes are zero.
size_t swold_count_zeros(const void *bytes, size_t count);

/// Stores where the strings of `bytes` begin, and `count` behind the last of them. Returns how many
/// there are: as many as zeros, and one more if the last byte is none; `starts` has room for one more
/// than that.
size_t swold_string_starts(const void *bytes, size_t count, uint32_t *starts);

/// The first `byte` of a string, or its end: strchrnul(3), a GNU extension.
const char *swold_find_or_end(const char *text, int byte);

/// Takes the memory that every link touches from the kernel in a few calls. To be called once, at the
/// beginning.
void swold_prepare_memory(void);

/// fork(2), which Swift's Glibc module declares unavailable. Only while there is one thread.
int swold_fork(void);

/// flock(2): locks a file for this process alone, until it closes it or ends. 0 on success.
int swold_lock(int descriptor, int waits);

/// Makes sure that a link which is ended by a signal leaves no temporary file, that a mapped input
/// which became shorter is named, and that closed pipes and limits on file size are plain errors.
void swold_guard_install(void);

/// Opens /dev/null in the place of standard descriptors that are closed, so that no input or output
/// gets their numbers. 0 on success.
int swold_guard_standard_descriptors(void);

/// The file to remove if the process ends now; null: none. Copies `path`.
void swold_guard_temporary(const char *path);

/// Removes the temporary file, if there is one.
void swold_guard_remove_temporary(void);

/// `count` bytes from `start` are a mapping of the file `path`, which is copied.
void swold_guard_mapping(const void *start, size_t count, const char *path);

/// Connects with the socket `name` in an open folder, if the process behind it is of the same user; else
/// -1. Waits for nothing longer than `milliseconds`, also later.
int swold_local_connect(int folder, const char *name, int milliseconds);

/// Makes the socket `name` in an open folder, for this user only, and listens; -1 with errno if it fails.
int swold_local_listen(int folder, const char *name);

/// The next connection by a process of the same user; -1: it came to nothing.
int swold_local_accept(int listener, int milliseconds);
enum { SWOLD_NOBODY_CAME = -2 };

/// How long sending and receiving may take; 0: for ever.
void swold_local_set_patience(int connection, int milliseconds);

/// Sends or receives one message of exactly `count` bytes with exactly so many open files, at most 4. 0 on
/// success.
int swold_local_send(int connection, const void *bytes, size_t count, const int *descriptors,
                     size_t descriptor_count);
int swold_local_receive(int connection, void *bytes, size_t count, int *descriptors,
                        size_t descriptor_count);

/// From now on the process ends, and leaves no temporary file, when the other side of `connection` does.
void swold_guard_employer(int connection);

/// Closes all descriptors from `lowest` on.
void swold_close_from(int lowest);

/// Finds the job server of make behind a FIFO, or behind the two descriptors of a pipe that make has
/// handed on. 0 on success.
int swold_jobs_open_fifo(const char *path);
int swold_jobs_open_pipe(int reader, int writer);

/// Takes up to `most` further jobs without waiting, and returns how many it got.
int swold_jobs_take(int most);

/// Gives all of them back. May be called by signal handlers, and twice.
void swold_jobs_give_back(void);

/// The 128-bit XXH3 hash of `count` bytes, by instructions that not every machine has. Returns 0 if
/// this one has not. For kilobytes: it is no faster for names.
int swold_xxh3_128_wide(const void *bytes, size_t count, uint64_t *low, uint64_t *high);

/// Asks for the cache line of `address`; harmless for any address.
static inline void swold_prefetch(const void *address) { __builtin_prefetch(address); }

/// Tells the processor that this is a loop that waits for another thread.
static inline void swold_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

#endif
