#!/bin/bash
# A relocation against a section symbol with an addend finds its place.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: mov .data+8(%rip), %eax
  sub .Lseven+4(%rip), %eax
  ret
.data
  .quad 1
  .long 7
.section .rodata.x,"a"
  .long 9
.Lseven: .long 8, 7
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC m.o -o m
./m
