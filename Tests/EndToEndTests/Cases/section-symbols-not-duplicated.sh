#!/bin/bash
# Absolute symbols stay absolute and files are named once.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main, number
number = 0x777
main: return 0
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC m.o -o m
./m
shows '0*777 A number$' nm m
