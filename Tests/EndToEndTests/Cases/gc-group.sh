#!/bin/bash
# The members of a section group live together.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
.section .text.main,"ax"
main: call f
  xor %eax, %eax
  ret
.section .text.f,"axG",@progbits,f,comdat
.weak f
f: ret
.section mine,"aG",@progbits,f,comdat
  .quad 77
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC -no-pie -Wl,--gc-sections m.o -o m
./m
has_section m mine
