#!/bin/bash
# -m elf_x86_64 is accepted; another emulation that is unknown is an error.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: exit 0
END
as m.s -o m.o
$SWOLD -m $EMULATION m.o -o m
./m
expect_fail $SWOLD -m elf_nonsense m.o -o m2
says 'elf_nonsense'
