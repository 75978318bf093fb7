#!/bin/bash
# A message about two definitions names section and offset of each where debug information cannot
# name the line, so that they can be found in a disassembly.
. "$(dirname "$0")/../prelude.sh"

printf '.data\n.quad 0\n.globl twice\ntwice: .quad 1\n' | as -o a.o
printf '.globl twice, _start\n_start: nop\ntwice: ret\n' | as -o b.o
expect_fail $SWOLD a.o b.o -o m
says 'duplicate symbol: twice'
says 'defined at a.o:\(.data\+0x8\)'
says 'defined at b.o:\(.text\+0x[124]\)'
# An absolute one is in no section.
printf '.globl twice\ntwice = 5\n' | as -o c.o
expect_fail $SWOLD b.o c.o -o m
says 'defined at c.o$'
# An assignment may replace a definition, but not choose between two (GNU ld, lld).
expect_fail $SWOLD a.o b.o --defsym=twice=_start -o m
says 'duplicate symbol: twice'
$SWOLD b.o --defsym=twice=_start -o m
