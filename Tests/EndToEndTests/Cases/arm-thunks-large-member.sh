#!/bin/bash
# A member that is longer than branches reach: thunks for what stands before it stand in front of it, too.
# (GNU ld has them behind, where nobody reaches them.)
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'S'
.syntax unified
.thumb
.global _start
.type _start, %function
_start: movs r0, #9
  bl behind
  bl middle
  movs r7, #1
  svc 0
.type before, %function
.global before
before: adds r0, #3
  bx lr
S
cat >large.s <<'S'
.syntax unified
.section .text.large, "ax", %progbits
.global middle
.thumb
.space 18 << 20
.type middle, %function
middle: adds r0, #20
  bx lr
.space 18 << 20
S
cat >b.s <<'S'
.syntax unified
.thumb
.global behind
.type behind, %function
behind: push {r4, lr}
  bl before
  pop {r4, pc}
S
for name in a large b; do arm-linux-gnueabihf-as -march=armv7-a $name.s -o $name.o; done
$SWOLD a.o large.o b.o -o main
code=0; qemu-arm ./main || code=$?
[ "$code" = 32 ]
[ "$(count __ThumbThunk_ readelf -sW main)" = 3 ]
[ "$(readelf -sW main | awk '/__ThumbThunk_/ { print ($2 < "01000000") }' | sort | uniq -c | tr -s ' \n' ' ')" = ' 1 0 2 1 ' ]
