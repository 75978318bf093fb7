#!/bin/bash
# ARM: an entry of .ARM.exidx that says what the one before it says is left out (--merge-exidx-entries, the
# default), as with GNU ld and lld: the same word, or that the frame cannot be unwound. Entries that
# lead to a table stay, and so do those behind code without any.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"
not_linted "programs of a few bytes"

cat >a.s <<'S'
.syntax unified
.thumb
.macro function name, section, entry:vararg
  .section .text.\section, "ax", %progbits
  .global \name
  .thumb_func
\name: .fnstart
  \entry
  bx lr
  .fnend
.endm
function f1, 1, .cantunwind
function f2, 2, .cantunwind
function g1, 3, .save {r4, lr}
function g2, 4, .save {r4, lr}
function g3, 4, .save {r4, lr}
function g4, 4, .save {r5, lr}
.section .text.5, "ax", %progbits
.thumb_func
.global t1
t1: .fnstart
  .save {r4, lr}
  .personality __aeabi_unwind_cpp_pr0
  .handlerdata
  .section .text.5
  bx lr
  .fnend
.section .text.6, "ax", %progbits
.thumb_func
.global t2
t2: .fnstart
  .save {r4, lr}
  .personality __aeabi_unwind_cpp_pr0
  .handlerdata
  .section .text.6
  bx lr
  .fnend
function g5, 7, .save {r4, lr}
.section .text.8, "ax", %progbits
nop
function g6, 9, .save {r4, lr}
function f3, a, .cantunwind
.section .text.b, "ax", %progbits
.thumb_func
.global __aeabi_unwind_cpp_pr0
__aeabi_unwind_cpp_pr0: bx lr
function g7, plain, .save {r4, lr}
S
arm-none-eabi-as -mcpu=cortex-m3 a.s -o a.o
entries() {
  readelf -u "$1" 2>/dev/null | sed -n 's/^0x[0-9a-f]* <\([^>]*\)>: .*/\1/p' | tr '\n' ' '
}
"$SWOLD" -e f1 a.o -o merged
"$SWOLD" -e f1 --no-merge-exidx-entries a.o -o whole
[ "$(entries merged)" = 'f1 g1 g4 t1 t2 g5 g5+0x2 g6 f3 g7 g7+0x2 ' ]
[ "$(entries whole)" = 'f1 f2 g1 g2 g3 g4 t1 t2 g5 g5+0x2 g6 f3 g7 g7+0x2 ' ]
shows 'EXIDX .* 0x00058 0x00058 R ' readelf -lW merged
# What is collected leaves no entry, and -r keeps all.
"$SWOLD" -e g3 --gc-sections a.o -o collected
[ "$(entries collected)" = 'g2 g4 __aeabi_unwind_cpp_pr0 ' ]
"$SWOLD" -r a.o -o again.o
"$SWOLD" -e f1 again.o -o merged.again
[ "$(entries merged.again)" = "$(entries merged)" ]
# A map may have several tables; an entry can be left out only in its own.
cat >map.smap <<'S'
smap 1;
pages none;
place at 0x1000 {
    section .text { take .text+; }
    section .first { take .ARM.exidx.text.[13]; }
    section .ARM.exidx { take .ARM.exidx+; }
    section .ARM.extab { take .ARM.extab+; }
}
S
"$SWOLD" --section-map=map.smap -e f1 a.o -o mapped
[ "$(entries mapped)" = 'f1 g1 f2 g2 g4 t1 t2 g5 g5+0x2 g6 f3 g7 g7+0x2 ' ]

# Code in a section whose name begins without a dot has its entries in one whose name does not have one either.
cat >named.s <<'S'
.syntax unified
.thumb
.section named, "ax", %progbits
.thumb_func
.global f1
f1: .fnstart
  .save {r4, lr}
  bx lr
  .fnend
.text
.thumb_func
.global __aeabi_unwind_cpp_pr0
__aeabi_unwind_cpp_pr0: bx lr
S
arm-none-eabi-as -mcpu=cortex-m3 named.s -o named.o
"$SWOLD" -e f1 named.o -o named
[ "$(count ARM_EXIDX readelf -SW named)" = 1 ]
shows ' \.ARM\.exidx  *ARM_EXIDX' readelf -SW named
[ "$(entries named)" = 'f1 f1+0x2 ' ]
