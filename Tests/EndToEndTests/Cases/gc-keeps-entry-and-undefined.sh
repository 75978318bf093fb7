#!/bin/bash
# -e and -u make roots.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.section .text.go,"ax"
.globl go
go: exit 0
.section .text.wanted,"ax"
.globl wanted
wanted: ret
.section .text.other,"ax"
.globl other
other: ret
END
as m.s -o m.o
$SWOLD --gc-sections -e go -u wanted m.o -o m
./m
shows ' wanted$' nm m
lacks ' other$' nm m
