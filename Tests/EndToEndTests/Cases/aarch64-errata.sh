#!/bin/bash
# AArch64: --fix-cortex-a53-843419 and -835769 move one instruction of each sequence that the processor
# gets wrong into a patch, or make a near ADRP an ADR. Data that looks so stays.
. "$(dirname "$0")/../prelude.sh"

cat >s.s <<'X'
.globl _start
_start: .space 0xff8
adrp x1, far
ldr x2, [x0]
ldr x3, [x1, :lo12:far]
ret
.space 0x1000 - 16
adrp x1, near
ldr x2, [x0]
add x5, x5, x5
ldr x3, [x1, :lo12:near]
.balign 8
near: .space 0xff0
data: .word 0x90000001, 0xf9400002, 0xf9400023
madd x2, x3, x4, x5
ldr x2, [x0]
madd x2, x3, x4, x5
ldr x2, [x0]
mul x2, x3, x4
.section .far, "aw"
far: .quad 7
X
aarch64-linux-gnu-as s.s -o s.o
place='-Ttext=0x410000 --section-start=.far=0x800000'
dump() { aarch64-linux-gnu-objdump -d "$1"; }
$SWOLD s.o $place -o plain
lacks 'Cortex' dump plain
$SWOLD s.o $place --fix-cortex-a53-843419 -o address
shows '411000:.*\bb\b.*<__CortexA53843419_411000>' dump address
[ "$(count '^ .*ldr.*x3, \[x1\]' dump address)" = 1 ]
[ "$(dump address | grep -A2 '<__CortexA53843419_411000>:' | awk '/ldr|\tb\t/ { print $3 }' | tr '\n' ' ')" = 'ldr b ' ]
shows '411ff8:.*adr.*x1, 412000' dump address
[ "$(count 'Cortex' readelf -sW address)" = 1 ]
$SWOLD s.o $place --fix-cortex-a53-835769 -o multiply
[ "$(count '__CortexA53835769_' readelf -sW multiply)" = 1 ]
[ "$(count 'madd' dump multiply)" = 2 ]
$SWOLD s.o $place --fix-cortex-a53-843419 --no-fix-cortex-a53-843419 -o off
cmp plain off
