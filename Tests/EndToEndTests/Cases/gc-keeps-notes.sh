#!/bin/bash
# Notes that nothing refers to survive.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: return 0
.section .note.mine,"a",@note
  .long 4, 4, 7
  .asciz "SWO"
  .long 42
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC -Wl,--gc-sections m.o -o m
./m
has_section m .note.mine
sane m
