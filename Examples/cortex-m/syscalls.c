// What newlib asks of a board: the UART of an MPS2 (CMSDK APB UART), and memory between the map's bounds.

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

extern char heap_start[], heap_end[];

#define UART0 ((volatile uint32_t *)0x40004000)

int _write(int file, const char *bytes, int count) {
  (void)file;
  UART0[2] = 1;                          // transmitter on
  for (int i = 0; i < count; i++) {
    while (UART0[1] & 1) {}
    UART0[0] = (uint8_t)bytes[i];
  }
  return count;
}

void *_sbrk(ptrdiff_t size) {
  static char *end = heap_start;
  if (size > heap_end - end) {
    errno = ENOMEM;
    return (void *)-1;
  }
  char *start = end;
  end += size;
  return start;
}

int _close(int file) { (void)file; return -1; }
int _read(int file, char *bytes, int count) { (void)file; (void)bytes; (void)count; return 0; }
off_t _lseek(int file, off_t offset, int whence) { (void)file; (void)offset; (void)whence; return 0; }
int _isatty(int file) { (void)file; return 1; }
int _fstat(int file, struct stat *status) { (void)file; status->st_mode = S_IFCHR; return 0; }
