#!/bin/bash
# The members of a section group live together.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
.section .text.main,"ax"
main: jmp f
.section .text.f,"axG",@progbits,f,comdat
.weak f
f: return 0
.section mine,"aG",@progbits,f,comdat
  .quad 77
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC -no-pie -Wl,--gc-sections m.o -o m
./m
has_section m mine
