// Says over the first serial port where it runs and where it was stored.

#include <stdint.h>

// Made by the section map.
extern char kernel_run[], kernel_stored[], kernel_end[], kernel_offset[];
extern char bss_start[], bss_end[];

static const char digits[] = "0123456789abcdef";
static uint64_t lines = 0x1234;  // in .data: what is stored must have come along
static uint64_t cleared;         // in .bss

static void put(char c) {
  uint8_t ready;
  do __asm__ volatile("inb %1, %0" : "=a"(ready) : "Nd"((uint16_t)0x3fd));
  while (!(ready & 0x20));
  __asm__ volatile("outb %0, %1" : : "a"(c), "Nd"((uint16_t)0x3f8));
}

static void say(const char *text, const void *value) {
  while (*text) put(*text++);
  for (int shift = 60; shift >= 0; shift -= 4) put(digits[(uintptr_t)value >> shift & 15]);
  put('\n');
}

void kernel_main(void) {
  say("runs at   ", kernel_run);
  say("stored at ", kernel_stored);
  say("offset    ", kernel_offset);
  say("code at   ", (void *)kernel_main);
  if (lines == 0x1234 && cleared == 0 && &bss_end[0] >= &bss_start[0]) say("data      ", (void *)lines);
}
