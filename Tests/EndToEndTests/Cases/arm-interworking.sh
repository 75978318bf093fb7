#!/bin/bash
# ARM: calls change between ARM and Thumb state, by BLX where there is one, else through veneers; a call
# of a weak function that is not there does nothing.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"
not_linted "programs of a few bytes"

cat >a.s <<'S'
.syntax unified
.weak missing
.arm
.type _start, %function
.global _start
_start: mov r4, #0
  bl thumb
  bl missing
  cmp r0, r0
  bleq thumb
  b thumb_end
.type arm, %function
arm: add r4, r4, #1
  bx lr
.type arm_jump, %function
arm_jump: add r4, r4, #16
  bx lr
.thumb
.thumb_func
thumb: push {r3, lr}
  adds r4, #2
  bl arm
  bl missing
  bl jump
  pop {r3, pc}
.thumb_func
jump:
.ifdef short
  push {r3, lr}
  bl arm_jump
  pop {r3, pc}
.else
  b.w arm_jump
.endif
.thumb_func
thumb_end: subs r4, #38
  adds r0, r4, #0
  movs r7, #1
  svc 0
S
for arch in armv7-a 'armv5te --defsym short=1' 'armv4t --defsym short=1'; do
  arm-linux-gnueabihf-as -march=$arch a.s -o a.o
  "$SWOLD" a.o -o main
  qemu-arm ./main
  arm-linux-gnueabihf-ld a.o -o reference
  qemu-arm ./reference
done
lacks 'blx' arm-linux-gnueabihf-objdump -d main
arm-linux-gnueabihf-as -march=armv7-a a.s -o a.o
"$SWOLD" a.o -o main
[ "$(count 'blx' arm-linux-gnueabihf-objdump -d main)" = 2 ]
