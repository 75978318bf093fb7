// Says over the UART what the map and swold-edit have made of it.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Made by the section map.
extern const char checked_start[], checked_end[];
extern const char __slot_version[];
extern const uint32_t __slot_crc;
extern char data_start[], __heap_start[], __heap_end[];

volatile uint32_t calls;                 // counted by the trap handler
static volatile uint64_t stored = 0x1234;
static volatile uint64_t cleared;
static _Thread_local volatile int own = 7;
static int constructed;

__attribute__((constructor(101))) static void first(void) { constructed = 1; }
__attribute__((constructor(102))) static void second(void) { constructed = constructed * 10 + 2; }
__attribute__((constructor)) static void last(void) { constructed = constructed * 10 + 3; }

// CRC-32 as of IEEE 802.3.
static uint32_t crc(const char *from, const char *to) {
  uint32_t sum = ~0u;
  for (; from != to; from++) {
    sum ^= (uint8_t)*from;
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum;
}

int main(void) {
  __asm__ volatile(".option push\n.option norvc\necall\necall\n.option pop" : : : "t1", "memory");
  char *text = malloc(64);
  if (!text || text < __heap_start || text >= __heap_end) return 2;
  strcpy(text, "from the heap");
  printf("version %s\n", __slot_version);
  printf("data    %lx at %p\n", (unsigned long)stored, (void *)data_start);
  printf("bss     %lx\n", (unsigned long)cleared);
  printf("thread  %d\n", own++);
  printf("built   %d\n", constructed);
  printf("calls   %d\n", (int)calls);
  printf("heap    %d KiB, %s\n", (int)((__heap_end - __heap_start) >> 10), text);
  uint32_t sum = crc(checked_start, checked_end);
  printf("crc     %s\n", sum == __slot_crc ? "right" : "wrong");
  return stored == 0x1234 && cleared == 0 && own == 8 && constructed == 123 && calls == 2 && sum == __slot_crc ? 0 : 1;
}
