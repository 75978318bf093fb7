#!/bin/bash
# ARM: .ARM.exidx is in the order of the code whatever the order of sections, with an entry that says
# so where the code has none and at its end; sections go with the code that they describe.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"
not_linted "programs of a few bytes"

cat >a.s <<'S'
.syntax unified
.thumb
.macro function name, section
  .section \section, "ax", %progbits
  .global \name
  .thumb_func
\name:
  .fnstart
  .save {r4, lr}
  push {r4, lr}
  bl __aeabi_unwind_cpp_pr0
  pop {r4, pc}
  .fnend
.endm
function late, .text.late
function first, .text.first
function unused, .text.unused
.section .text.assembly, "ax", %progbits
.thumb_func
.global assembly
assembly: bl late
  bl first
  bx lr
.text
.thumb_func
.global __aeabi_unwind_cpp_pr0
__aeabi_unwind_cpp_pr0: bx lr
S
arm-none-eabi-as -mcpu=cortex-m3 a.s -o a.o
cat >map.smap <<'S'
smap 1;
pages none;
place at 0x1000 {
    section .text { take .text.first; take .text.assembly; take .text.late .text; take .text+; }
    section .ARM.exidx { take .ARM.exidx+; start __exidx_start; end __exidx_end; }
}
S
"$SWOLD" --section-map=map.smap --gc-sections -e assembly a.o -o main
readelf -u main >out
diff - <(sed -n 's/^\(0x[0-9a-f]*\).*: \(.*\)/\1 \2/p' out) <<'S'
0x1000 0x80a8b0b0
0x1008 0x1 [cantunwind]
0x1014 0x80a8b0b0
0x101c 0x1 [cantunwind]
S
shows 'ARM_EXIDX .* AL  1   0  4' readelf -SW main
shows 'EXIDX  .* 0x00020 0x00020 R ' readelf -lW main
# The same in a program whose table stands before its code.
"$SWOLD" -e assembly --no-merge-exidx-entries a.o -o built-in
shows '<unused>: 0x80a8b0b0' readelf -u built-in
[ "$(count '^0x' readelf -u built-in)" = 4 ]

# An index whose size is wrong is the fault of a file, which is named.
printf '.text\nf: bx lr\n.section .ARM.exidx, "a", %%progbits\n.long 1, 1, 1\n' >broken.s
arm-none-eabi-as broken.s -o broken.o
expect_fail $SWOLD -e assembly a.o broken.o -o broken
says 'broken\.o: section \.ARM\.exidx has a size'
