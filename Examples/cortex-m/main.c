// Says over the UART what the map and swold-edit have made of it.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Made by the section map.
extern const char checked_start[], checked_end[];
extern const char __slot_version[];
extern const uint32_t __slot_crc;
extern char data_start[], heap_start[], heap_end[], fast_start[], fast_end[];

extern volatile uint32_t ticks;
static volatile uint32_t stored = 0x1234;
static volatile uint32_t cleared;
static int constructed;

__attribute__((constructor(101))) static void first(void) { constructed = 1; }
__attribute__((constructor(102))) static void second(void) { constructed = constructed * 10 + 2; }
__attribute__((constructor)) static void last(void) { constructed = constructed * 10 + 3; }

// Runs in RAM, called from flash: farther than a branch reaches.
__attribute__((section(".fast"), noinline)) static uint32_t crc(const char *from, const char *to) {
  uint32_t sum = ~0u;
  for (; from != to; from++) {
    sum ^= (uint8_t)*from;
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum;
}
// The compiler may assume that a static function is near.
static uint32_t (*volatile const checksum)(const char *, const char *) = crc;

int main(void) {
  // SysTick: reload value, current value, and on with interrupts.
  volatile uint32_t *const systick = (volatile uint32_t *)0xe000e010;
  systick[1] = 10000;
  systick[2] = 0;
  systick[0] = 7;
  while (ticks < 3) {}
  systick[0] = 0;

  char *text = malloc(64);
  if (!text || text < heap_start || text >= heap_end) return 2;
  strcpy(text, "from the heap");
  printf("version %s\n", __slot_version);
  printf("data    %lx at %p\n", stored, (void *)data_start);
  printf("bss     %lx\n", cleared);
  printf("built   %d\n", constructed);
  printf("heap    %d KiB, %s\n", (int)(heap_end - heap_start) >> 10, text);
  uint32_t sum = checksum(checked_start, checked_end);
  printf("crc     %s\n", sum == __slot_crc ? "right" : "wrong");
  printf("fast    %s\n", (uintptr_t)crc >= (uintptr_t)fast_start && (uintptr_t)crc < (uintptr_t)fast_end ? "in RAM" : "in flash");
  return stored == 0x1234 && cleared == 0 && constructed == 123 && sum == __slot_crc ? 0 : 1;
}
