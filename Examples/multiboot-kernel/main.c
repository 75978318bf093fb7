// Checks what the map and swold-edit have made of it, and says so over the first serial port.

#include <stddef.h>
#include <stdint.h>

// Made by the section map.
extern char kernel_start[], kernel_end[], bss_start[], bss_end[];
extern void (*const constructors_start[])(void), (*const constructors_end[])(void);
extern const char checked_start[], checked_end[];
extern const char __slot_version[];
extern const uint32_t __slot_crc;

static const char digits[] = "0123456789abcdef";
static volatile uint32_t stored = 0x1234;  // in .data
static volatile uint32_t cleared;          // in .bss
static uint32_t constructed;

__attribute__((constructor(101))) static void first(void) { constructed = 1; }
__attribute__((constructor(102))) static void second(void) { constructed = constructed * 10 + 2; }
__attribute__((constructor)) static void last(void) { constructed = constructed * 10 + 3; }

static inline uint8_t in(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static inline void out(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void put(char c) {
  while (!(in(0x3fd) & 0x20)) {}
  out(0x3f8, (uint8_t)c);
}

static void say(const char *text) {
  while (*text) put(*text++);
}

static void show(const char *text, uint32_t value) {
  say(text);
  for (int shift = 28; shift >= 0; shift -= 4) put(digits[value >> shift & 15]);
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

// The code for QEMU: 0x10 if all is well.
int kernel_main(uint32_t magic) {
  for (void (*const *call)(void) = constructors_start; call != constructors_end; call++) (*call)();
  say("version ");
  say(__slot_version);
  put('\n');
  show("loader    ", magic);
  show("begins at ", (uint32_t)kernel_start);
  show("data      ", stored);
  show("bss       ", cleared);
  show("built     ", constructed);
  uint32_t sum = crc(checked_start, checked_end);
  show("crc       ", sum);
  return magic == 0x2badb002 && stored == 0x1234 && cleared == 0 && constructed == 123 && sum == __slot_crc
    ? 0x10 : 0x11;
}
