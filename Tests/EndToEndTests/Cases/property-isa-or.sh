#!/bin/bash
# The needed instruction-set level is the union over the objects.
# machines: x86_64 i386 (Control-flow Enforcement of x86)
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  bits=$((2 * n))
  cat >$n.s <<END
.globl f$n
f$n: ret
.section .note.gnu.property,"a",@note
.balign 8
  .long 4, 16, 5
  .asciz "GNU"
  .long 0xc0008002, 4, $bits, 0
.section .note.GNU-stack,"",@progbits
END
  as -mx86-used-note=no $n.s -o $n.o
done
$SWOLD -shared 1.o 2.o -o l.so
shows 'x86 ISA needed: x86-64-v2, x86-64-v3' readelf -nW l.so
sane l.so
