#!/bin/bash
# SHF_GNU_RETAIN keeps a section.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
.section .text.main,"ax"
main: return 0
.section .text.kept,"axR"
kept: ret
.section .text.lost,"ax"
lost: ret
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC -Wl,--gc-sections m.o -o m
./m
shows ' kept$' nm m
lacks ' lost$' nm m
