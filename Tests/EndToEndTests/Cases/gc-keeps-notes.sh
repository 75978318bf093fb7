#!/bin/bash
# Notes that nothing refers to survive.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: xor %eax, %eax
  ret
.section .note.mine,"a",@note
  .long 4, 4, 7
  .asciz "SWO"
  .long 42
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC -Wl,--gc-sections m.o -o m
./m
has_section m .note.mine
sane m
