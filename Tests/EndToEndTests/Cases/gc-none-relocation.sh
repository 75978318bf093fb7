#!/bin/bash
# R_*_NONE keeps its target alive.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<END
.globl main
.section .text.main,"ax"
main: .reloc ., ${R}NONE, needed
  return 0
.section .text.needed,"ax"
needed: ret
.section .text.other,"ax"
other: ret
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC -Wl,--gc-sections m.o -o m
./m
shows ' needed$' nm m
lacks ' other$' nm m
