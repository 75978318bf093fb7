// E11: how to write a 256 MiB output with two threads.
//
//   cc -O2 -pthread E11_WriteOutput.c -o e11 && ./e11 FOLDER [RUNS [THREADS]]
//
// Each way is run RUNS times in turn (so that drift of the machine hits all alike), in a child
// process of its own whose rusage is taken; the table shows medians. The source bytes are a
// 64 MiB buffer, filled before the fork, as a linker copies from mapped inputs.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MiB = 1 << 20, totalMiB = 256, sourceMiB = 64 };
static char path[4096];
static char *source;
static int threads = 2;

enum Way { MapFresh, MapReuse, MapReuseTruncated, PwriteFresh, PwriteReuse, MapFallocate,
           MapHuge, MapPopulate, MapPopulateReuse, AnonymousThenWrite, AnonymousHugeThenWrite,
           BigPwriteFresh, PwriteFallocate, PwriteOneByOne, PwriteOneByOneReuse, MapFallocatePopulate,
           WayCount };
static const char *names[] = {
  "(a) mmap, fresh file", "(b) mmap over an existing file, same size",
  "(b2) mmap over an existing file, O_TRUNC first", "(c1) pwrite of 1 MiB, fresh file",
  "(c2) pwrite of 1 MiB, existing file", "(d) fallocate, then mmap, fresh file",
  "(e1) mmap + MADV_HUGEPAGE, fresh file", "(e2) mmap + MAP_POPULATE, fresh file",
  "(e3) mmap + MAP_POPULATE, existing file",
  "(f1) anonymous 256 MiB, one pwrite a thread, fresh",
  "(f2) the same with MADV_HUGEPAGE", "(f3) pwrite of 128 MiB straight from source, fresh",
  "(g1) fallocate, then pwrite of 256 KiB, fresh file",
  "(g2) the same, one thread at a time", "(g3) the same, existing file",
  "(g4) (d), pages made by 256 KiB with MADV_POPULATE_WRITE" };

// Of these ways.
enum { KiB256 = 256 << 10 };
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static char *image;
static int file;
static volatile int next_chunk;
static enum Way way;

static void *worker(void *argument) {
  int index = (int)(intptr_t)argument;
  char *buffer = NULL;
  if (way == PwriteFresh || way == PwriteReuse) buffer = malloc(MiB);
  if (way == BigPwriteFresh) {
    size_t part = (size_t)totalMiB * MiB / threads, done = 0;
    while (done < part) {
      size_t n = part - done < (size_t)sourceMiB * MiB ? part - done : (size_t)sourceMiB * MiB;
      ssize_t w = pwrite(file, source, n, (off_t)(part * index + done));
      if (w <= 0) exit(2);
      done += w;
    }
    return NULL;
  }
  for (;;) {
    int chunk = __atomic_fetch_add(&next_chunk, 1, __ATOMIC_RELAXED);
    if (chunk >= totalMiB) break;
    const char *from = source + (size_t)(chunk % sourceMiB) * MiB;
    if (buffer) {
      memcpy(buffer, from, MiB);
      if (pwrite(file, buffer, MiB, (off_t)chunk * MiB) != MiB) exit(2);
    } else {
      memcpy(image + (size_t)chunk * MiB, from, MiB);
    }
  }
  return NULL;
}

// Parts of 256 KiB, made in a buffer that stays in the cache, or in the map.
static void *small_worker(void *argument) {
  (void)argument;
  char *buffer = way == MapFallocatePopulate ? NULL : aligned_alloc(4096, KiB256);
  for (;;) {
    int part = __atomic_fetch_add(&next_chunk, 1, __ATOMIC_RELAXED);
    if (part >= totalMiB * 4) break;
    const char *from = source + (size_t)(part % (sourceMiB * 4)) * KiB256;
    if (!buffer) {
      char *to = image + (size_t)part * KiB256;
      madvise(to, KiB256, 23);  // MADV_POPULATE_WRITE
      memcpy(to, from, KiB256);
      continue;
    }
    memcpy(buffer, from, KiB256);
    if (way != PwriteFallocate) pthread_mutex_lock(&one_at_a_time);
    if (pwrite(file, buffer, KiB256, (off_t)part * KiB256) != KiB256) exit(2);
    if (way != PwriteFallocate) pthread_mutex_unlock(&one_at_a_time);
  }
  return NULL;
}

static void *writer(void *argument) {
  int index = (int)(intptr_t)argument;
  size_t part = (size_t)totalMiB * MiB / threads, done = 0;
  while (done < part) {
    ssize_t w = pwrite(file, image + part * index + done, part - done, (off_t)(part * index + done));
    if (w <= 0) exit(2);
    done += w;
  }
  return NULL;
}

static void parallel(void *(*body)(void *)) {
  pthread_t others[64];
  for (int i = 1; i < threads; i++) pthread_create(&others[i], NULL, body, (void *)(intptr_t)i);
  body((void *)0);
  for (int i = 1; i < threads; i++) pthread_join(others[i], NULL);
}

static void run(void) {
  size_t size = (size_t)totalMiB * MiB;
  int flags = O_RDWR | O_CREAT | (way == MapReuseTruncated ? O_TRUNC : 0);
  file = open(path, flags, 0777);
  if (file < 0) { perror(path); exit(2); }
  if (way == AnonymousThenWrite || way == AnonymousHugeThenWrite) {
    image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (way == AnonymousHugeThenWrite) madvise(image, size, MADV_HUGEPAGE);
    parallel(worker);
    parallel(writer);
    return;
  }
  if (way >= PwriteFallocate && way <= MapFallocatePopulate) {
    if (fallocate(file, 0, 0, size) != 0) exit(3);
    if (way == MapFallocatePopulate)
      image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    parallel(small_worker);
    return;
  }
  if (way == MapFallocate) {
    if (posix_fallocate(file, 0, size) != 0) exit(3);
  } else if (ftruncate(file, size) != 0) exit(2);
  if (way != PwriteFresh && way != PwriteReuse && way != BigPwriteFresh) {
    int populate = way == MapPopulate || way == MapPopulateReuse ? MAP_POPULATE : 0;
    image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | populate, file, 0);
    if (image == MAP_FAILED) { perror("mmap"); exit(2); }
    if (way == MapHuge) madvise(image, size, MADV_HUGEPAGE);
  }
  parallel(worker);
}

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }
static int order(const void *a, const void *b) {
  double x = *(double *)a, y = *(double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **arguments) {
  if (count < 2) { fprintf(stderr, "usage: e11 FOLDER [RUNS [THREADS]]\n"); return 1; }
  int runs = count > 2 ? atoi(arguments[2]) : 5;
  if (count > 3) threads = atoi(arguments[3]);
  snprintf(path, sizeof path, "%s/e11.out", arguments[1]);
  source = malloc((size_t)sourceMiB * MiB);
  for (size_t i = 0; i < (size_t)sourceMiB * MiB; i++) source[i] = (char)(i * 31 + (i >> 12));
  static double results[WayCount][3][64];
  for (int r = 0; r < runs; r++)
    for (int w = 0; w < WayCount; w++) {
      int reuse = w == MapReuse || w == MapReuseTruncated || w == PwriteReuse || w == MapPopulateReuse ||
                  w == PwriteOneByOneReuse;
      if (!reuse) unlink(path);
      struct stat st;
      if (reuse && (stat(path, &st) != 0 || st.st_size != (off_t)totalMiB * MiB)) {
        fprintf(stderr, "no file to reuse\n"); return 1;
      }
      // The dirty pages of the run before must not be written back during this one.
      int d = open(arguments[1], O_RDONLY); syncfs(d); close(d);
      struct timespec begin, end;
      clock_gettime(CLOCK_MONOTONIC, &begin);
      pid_t child = fork();
      if (child == 0) { way = w; run(); _exit(0); }
      int status; struct rusage usage;
      wait4(child, &status, 0, &usage);
      clock_gettime(CLOCK_MONOTONIC, &end);
      if (status != 0) { fprintf(stderr, "%s: failed %d\n", names[w], status); }
      results[w][0][r] = end.tv_sec - begin.tv_sec + (end.tv_nsec - begin.tv_nsec) / 1e9;
      results[w][1][r] = seconds(usage.ru_utime);
      results[w][2][r] = seconds(usage.ru_stime);
    }
  unlink(path);
  printf("folder %s, %d threads, %d runs, medians in ms\n", arguments[1], threads, runs);
  printf("| way | wall | user | sys |\n|---|---|---|---|\n");
  for (int w = 0; w < WayCount; w++) {
    printf("| %s |", names[w]);
    for (int k = 0; k < 3; k++) {
      qsort(results[w][k], runs, sizeof(double), order);
      printf(" %.0f |", results[w][k][runs / 2] * 1000);
    }
    printf("\n");
  }
}
