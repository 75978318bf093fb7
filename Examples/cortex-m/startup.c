// What runs before main: the vector table, the copy of .data, the C library's constructors.

#include <stddef.h>
#include <stdint.h>

// Made by the section map.
extern uint32_t stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_image[];

void __libc_init_array(void);
int main(void);
void Reset_Handler(void);

__attribute__((noreturn)) void stop(int code) {
  // SYS_EXIT_EXTENDED of semihosting: reason ADP_Stopped_ApplicationExit, and the code.
  uint32_t words[2] = {0x20026, (uint32_t)code};
  register uint32_t number __asm__("r0") = 0x20;
  register uint32_t *argument __asm__("r1") = words;
  __asm__ volatile("bkpt 0xab" : : "r"(number), "r"(argument) : "memory");
  for (;;) {}
}

static void unexpected(void) { stop(3); }

volatile uint32_t ticks;
static void SysTick_Handler(void) { ticks++; }

// Called by __libc_init_array before and after the constructors; empty without crti.o.
void _init(void) {}

typedef void (*Vector)(void);
__attribute__((section(".vectors"), used)) static const Vector vectors[] = {
  (Vector)stack_top, Reset_Handler,
  unexpected, unexpected, unexpected, unexpected, unexpected, 0, 0, 0, 0,
  unexpected, unexpected, 0, unexpected, SysTick_Handler,
};

void Reset_Handler(void) {
  const uint32_t *from = data_image;
  for (uint32_t *to = data_start; to < data_end;) *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
  __libc_init_array();
  stop(main());
}
