#!/bin/bash
# --filler: the byte in the gaps of what is loaded, between sections and inside of them.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'X'
.globl _start
_start: ret
.data
.byte 1
.section .rodata
.byte 1
X
printf '.text\n.balign 32\nnop\n.data\n.balign 16\n.byte 2\n.section .rodata\n.balign 8\n.byte 3\n.section after,"aw"\n.balign 64\n.byte 4\n' >b.s
as a.s -o a.o && as b.s -o b.o
$SWOLD a.o b.o --filler=0xfe -o filled
[ "$(contents filled .text)" = "c3$(printf 'fe%.0s' {1..31})90" ]
[ "$(contents filled .data)" = "01$(printf 'fe%.0s' {1..15})02" ]
[ "$(contents filled .rodata)" = "01$(printf 'fe%.0s' {1..7})03" ]
end=$((0x$(section filled .data offset) + 17))
[ "$(od -An -tx1 -j$end -N4 filled | tr -d ' ')" = fefefefe ]
$SWOLD a.o b.o -o plain
[ "$(contents plain .text)" = "c3$(printf 'cc%.0s' {1..31})90" ]
$SWOLD a.o b.o --filler=0xfe --threads=4 -o four && cmp filled four
for bad in 100 xyz; do expect_fail $SWOLD a.o --filler=$bad -o no; done
