#!/bin/bash
# A section with SHF_EXCLUDE is left out of a program.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: xor %eax, %eax
  ret
.section .private,"e",@progbits
  .long 1
.section .kept,"",@progbits
  .long 2
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC m.o -o m
./m
has_no_section m .private
has_section m .kept
