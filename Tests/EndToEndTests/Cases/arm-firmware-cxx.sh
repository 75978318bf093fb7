#!/bin/bash
# ARM: C++ with exceptions, constructors and printf of newlib runs on boards with a Cortex-M3 and a
# Cortex-M0, from a section map.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"
not_linted "firmware"

cat >main.cc <<'C'
#include <cstdio>
#include <stdexcept>
struct T { int v; T() : v(5) {} } t;
int main() {
  try { throw std::runtime_error("x"); } catch (std::exception &e) { printf("%s %d\n", e.what(), t.v); }
  try { throw 4; } catch (int n) { printf("%d\n", n); }
}
C
cat >start.c <<'C'
extern char data_start[], data_end[], data_image[], __bss_start__[], __bss_end__[], stack_top[];
int main(void); void __libc_init_array(void), exit(int), initialise_monitor_handles(void);
int getentropy(void *bytes, unsigned count) { return -1; }
void Reset_Handler(void) {
  for (char *d = data_start, *s = data_image; d < data_end;) *d++ = *s++;
  for (char *b = __bss_start__; b < __bss_end__;) *b++ = 0;
  initialise_monitor_handles();
  __libc_init_array();
  exit(main());
}
__attribute__((section(".vectors"), used)) void *const vectors[16] = { stack_top, Reset_Handler };
C
cat >map.smap <<'S'
smap 1;
pages none;
entry Reset_Handler;
region flash { at 0; size 4 MiB; access rx; }
region ram { at 0x2000_0000; size 4 MiB; access rwx; }
place in flash {
    section .vectors { keep take .vectors; }
    section .text { align 4; keep take .init; take @code; keep take .fini; }
    section .rodata {
        align 4; access r; take @rodata; take .eh_frame;
        group { align 4; start __preinit_array_start; end __preinit_array_end; keep take .preinit_array; }
        group { align 4; start __init_array_start; end __init_array_end; keep take .init_array+; }
        group { align 4; start __fini_array_start; end __fini_array_end; keep take .fini_array+; }
    }
    section .ARM.extab { take .ARM.extab+; }
    section .ARM.exidx { take .ARM.exidx+; start __exidx_start; end __exidx_end; }
    image .data;
}
place in ram {
    section .data { align 4; pad 4; load in flash; take @data; start data_start; end data_end; load_start data_image; }
    section .bss { align 4; pad 4; take @bss; start __bss_start__; end __bss_end__; }
    reserve heap { align 8; size rest; start end; start __end__; }
    reserve stack { high; align 8; size 64 KiB; end stack_top; }
}
S
for cpu in cortex-m3 cortex-m0; do
  flags="-mcpu=$cpu -mthumb -Os"
  arm-none-eabi-gcc $flags -c start.c
  arm-none-eabi-g++ $flags -B"$LD_DIR" --specs=rdimon.specs -nostartfiles start.o main.cc \
    "$(arm-none-eabi-gcc $flags -print-file-name=crti.o)" \
    "$(arm-none-eabi-gcc $flags -print-file-name=crtn.o)" -Wl,--section-map=map.smap -o main
  timeout 60 qemu-system-arm -M mps2-an385 -nographic -semihosting -kernel main </dev/null >out
  [ "$(cat out)" = $'x 5\n4' ]
done
