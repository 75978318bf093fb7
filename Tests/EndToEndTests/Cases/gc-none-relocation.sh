#!/bin/bash
# R_X86_64_NONE keeps its target alive.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
.section .text.main,"ax"
main: .reloc ., R_X86_64_NONE, needed
  xor %eax, %eax
  ret
.section .text.needed,"ax"
needed: ret
.section .text.other,"ax"
other: ret
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC -Wl,--gc-sections m.o -o m
./m
shows ' needed$' nm m
lacks ' other$' nm m
