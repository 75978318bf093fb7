// E12: how to read inputs that are in the page cache: map them or read them into memory.
//
//   cc -O2 -pthread E12_ReadInputs.c -o e12 && ./e12 FOLDER [RUNS]
//
// Two inputs are made in FOLDER: 100 files of 100 KB and one file of 60 MB. Each way then touches
// one byte of every cache line in all pages, or in one page of ten (scattered). One thread; each
// run is a child process; medians over RUNS.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum Way { Map, MapPopulate, MapWillNeed, ReadMalloc, ReadHuge, WayCount };
static const char *names[] = { "mmap", "mmap + MAP_POPULATE", "mmap + MADV_POPULATE_READ",
                               "read into anonymous memory", "read into MADV_HUGEPAGE memory" };
static char folder[4000];
static volatile unsigned long sink;
static char *arena;

static void touch(const char *bytes, size_t size, int step) {
  unsigned long sum = 0;
  for (size_t page = 0; page < size; page += 4096 * (size_t)step)
    for (size_t i = page; i < page + 4096 && i < size; i += 64) sum += (unsigned char)bytes[i];
  sink += sum;
}

static void one(const char *path, size_t size, enum Way way, int step) {
  int file = open(path, O_RDONLY);
  if (file < 0) { perror(path); exit(2); }
  char *bytes;
  if (way <= MapWillNeed) {
    bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE | (way == MapPopulate ? MAP_POPULATE : 0), file, 0);
    if (bytes == MAP_FAILED) exit(2);
    if (way == MapWillNeed) madvise(bytes, size, 22 /* MADV_POPULATE_READ */);
  } else {
    bytes = arena;
    arena += (size + 63) & ~63ul;
    size_t done = 0;
    while (done < size) {
      ssize_t n = read(file, bytes + done, size - done);
      if (n <= 0) exit(2);
      done += n;
    }
  }
  close(file);
  if (step) touch(bytes, size, step);
}

static void make(const char *path, size_t size) {
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
  char *bytes = malloc(size);
  for (size_t i = 0; i < size; i++) bytes[i] = (char)(i * 131 + (i >> 9));
  if (write(file, bytes, size) != (ssize_t)size) exit(2);
  close(file);
  free(bytes);
}

static int order(const void *a, const void *b) {
  double x = *(double *)a, y = *(double *)b;
  return (x > y) - (x < y);
}
static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

int main(int count, char **arguments) {
  if (count < 2) { fprintf(stderr, "usage: e12 FOLDER [RUNS]\n"); return 1; }
  int runs = count > 2 ? atoi(arguments[2]) : 21;
  snprintf(folder, sizeof folder, "%s", arguments[1]);
  char path[4096];
  for (int i = 0; i < 100; i++) {
    snprintf(path, sizeof path, "%s/e12.%d", folder, i);
    make(path, 100000);
  }
  snprintf(path, sizeof path, "%s/e12.large", folder);
  make(path, 60000000);
  static double results[2][3][WayCount][3][101];
  const int steps[] = { 1, 10, 0 };
  for (int r = 0; r < runs; r++)
    for (int input = 0; input < 2; input++)
      for (int s = 0; s < 3; s++)
        for (int w = 0; w < WayCount; w++) {
          struct timespec begin, end;
          int channel[2];
          if (pipe(channel)) return 1;
          pid_t child = fork();
          if (child == 0) {
            clock_gettime(CLOCK_MONOTONIC, &begin);
            if (w >= ReadMalloc) {
              arena = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              if (w == ReadHuge) madvise(arena, 64 << 20, MADV_HUGEPAGE);
            }
            if (input == 0)
              for (int i = 0; i < 100; i++) {
                snprintf(path, sizeof path, "%s/e12.%d", folder, i);
                one(path, 100000, w, steps[s]);
              }
            else {
              snprintf(path, sizeof path, "%s/e12.large", folder);
              one(path, 60000000, w, steps[s]);
            }
            clock_gettime(CLOCK_MONOTONIC, &end);
            double wall = end.tv_sec - begin.tv_sec + (end.tv_nsec - begin.tv_nsec) / 1e9;
            if (write(channel[1], &wall, sizeof wall) != sizeof wall) _exit(2);
            _exit(0);  // the time to unmap is in the child's rusage, as it is in a link
          }
          int status; struct rusage usage;
          double wall = 0;
          if (read(channel[0], &wall, sizeof wall) != sizeof wall) return 1;
          close(channel[0]); close(channel[1]);
          wait4(child, &status, 0, &usage);
          if (status) { fprintf(stderr, "failed\n"); return 1; }
          results[input][s][w][0][r] = wall;
          results[input][s][w][1][r] = seconds(usage.ru_utime);
          results[input][s][w][2][r] = seconds(usage.ru_stime);
        }
  printf("one thread, %d runs, medians in ms (wall inside the process; user and sys with exit)\n", runs);
  printf("| input | touched | way | wall | user | sys |\n|---|---|---|---|---|---|\n");
  const char *inputs[] = { "100 files of 100 KB", "one file of 60 MB" };
  const char *parts[] = { "all", "10 %", "none" };
  for (int input = 0; input < 2; input++)
    for (int s = 0; s < 3; s++)
      for (int w = 0; w < WayCount; w++) {
        printf("| %s | %s | %s |", inputs[input], parts[s], names[w]);
        for (int k = 0; k < 3; k++) {
          qsort(results[input][s][w][k], runs, sizeof(double), order);
          printf(" %.2f |", results[input][s][w][k][runs / 2] * 1000);
        }
        printf("\n");
      }
  for (int i = 0; i < 100; i++) { snprintf(path, sizeof path, "%s/e12.%d", folder, i); unlink(path); }
  snprintf(path, sizeof path, "%s/e12.large", folder);
  unlink(path);
}
