// Says over the first serial port (a PL011) what the map and swold-edit have made of it.

#include <stdint.h>

// Made by the section map.
extern char image_start[], image_end[], bss_start[], bss_end[], heap_start[], heap_end[];
extern void (*const constructors_start[])(void), (*const constructors_end[])(void);
extern const char checked_start[], checked_end[];
extern const char __slot_version[];
extern const uint32_t __slot_crc;

volatile uint32_t calls;                 // counted by the vectors
static volatile uint64_t stored = 0x1234;
static volatile uint64_t cleared;
static uint32_t constructed;

__attribute__((constructor(101))) static void first(void) { constructed = 1; }
__attribute__((constructor(102))) static void second(void) { constructed = constructed * 10 + 2; }
__attribute__((constructor)) static void last(void) { constructed = constructed * 10 + 3; }

static void put(char c) {
  volatile uint32_t *const uart = (volatile uint32_t *)0x09000000;
  while (uart[6] & 1 << 5) {}
  uart[0] = (uint8_t)c;
}

static void say(const char *text) {
  while (*text) put(*text++);
}

static void show(const char *text, uint64_t value) {
  say(text);
  for (int shift = 60; shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
  put('\n');
}

// CRC-32 as of IEEE 802.3.
static uint32_t crc(const char *from, const char *to) {
  uint32_t sum = ~0u;
  for (; from != to; from++) {
    sum ^= (uint8_t)*from;
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum;
}

int kernel_main(void) {
  for (void (*const *call)(void) = constructors_start; call != constructors_end; call++) (*call)();
  __asm__ volatile("svc #0" : : : "memory");
  __asm__ volatile("svc #1" : : : "memory");
  say("version ");
  say(__slot_version);
  put('\n');
  show("begins at ", (uintptr_t)image_start);
  show("data      ", stored);
  show("bss       ", cleared);
  show("built     ", constructed);
  show("calls     ", calls);
  show("heap      ", (uintptr_t)(heap_end - heap_start));
  uint32_t sum = crc(checked_start, checked_end);
  show("crc       ", sum);
  return stored == 0x1234 && cleared == 0 && constructed == 123 && calls == 2 && sum == __slot_crc ? 0 : 1;
}
