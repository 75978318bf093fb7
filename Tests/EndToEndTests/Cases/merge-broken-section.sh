#!/bin/bash
# A string section that does not end with a zero still links, or is refused by name.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.section .rodata.str1.1,"aMS",@progbits,1
  .ascii "no end"
.text
.globl main
main: xor %eax, %eax
  ret
.section .note.GNU-stack,"",@progbits
END
gcc -c a.s
if $CC a.o -o m 2>err; then ./m; else grep -q 'a\.o' err && grep -q 'rodata.str1.1' err; fi
