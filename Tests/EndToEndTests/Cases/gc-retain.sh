#!/bin/bash
# SHF_GNU_RETAIN keeps a section.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
.section .text.main,"ax"
main: xor %eax, %eax
  ret
.section .text.kept,"axR"
kept: ret
.section .text.lost,"ax"
lost: ret
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC -Wl,--gc-sections m.o -o m
./m
shows ' kept$' nm m
lacks ' lost$' nm m
