// What picolibc asks of a board: a character device (a 16550 UART), and bounds for the heap.

#include <stdint.h>
#include <stdio.h>

static int put(char c, FILE *file) {
  (void)file;
  volatile uint8_t *const uart = (volatile uint8_t *)0x10000000;
  while (!(uart[5] & 0x20)) {}
  uart[0] = (uint8_t)c;
  return (uint8_t)c;
}

static FILE uart = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdin = &uart;
FILE *const stdout = &uart;
FILE *const stderr = &uart;

// Called by __libc_init_array before the constructors; empty without crti.o.
void _init(void) {}
