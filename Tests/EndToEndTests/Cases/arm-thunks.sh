#!/bin/bash
# ARM: branches of both states reach 40 MiB and more through thunks, to functions in either state and to
# labels.
. "$(dirname "$0")/../prelude.sh"

cat >main.c <<'C'
#include <stdio.h>
int f1(int);
int main(void) { printf("%d\n", f1(1)); }
C
# piece NUMBER STATE NEXT
piece() {
  cat >f$1.s <<S
.syntax unified
.section .text.f$1, "ax", %progbits
.$2
.global f$1, j$1
.type f$1, %function
f$1: push {r4, lr}
  add r0, r0, #$1
  bl f$3
  pop {r4, pc}
.type j$1, %function
j$1: b f4
.section .text.room$1, "ax", %progbits
.space 10 * 1024 * 1024
.section .note.GNU-stack, "", %progbits
S
  arm-linux-gnueabihf-as -march=armv7-a f$1.s -o f$1.o
}
piece 1 thumb 2
piece 2 arm 3
piece 3 thumb 5
cat >f4.s <<'S'
.syntax unified
.section .text.f4, "ax", %progbits
.arm
.global f4, f5
.type f4, %function
f4: add r0, r0, #1000
  bx lr
.section .text.f5, "ax", %progbits
.thumb
.type f5, %function
f5: push {r4, lr}
  cmp r0, r0
  bl j1
  bl j2
  bl j3
  bl 1f
  pop {r4, pc}
1: beq.w label
.section .text.room4, "ax", %progbits
.space 30 * 1024 * 1024
.section .text.last, "ax", %progbits
.thumb
label: adds r0, #7
  bx lr
.section .note.GNU-stack, "", %progbits
S
arm-linux-gnueabihf-as -march=armv7-a f4.s -o f4.o
for kind in -no-pie -pie -static; do
  arm-linux-gnueabihf-gcc -B"$LD_DIR" -O2 $kind main.c f1.o f2.o f3.o f4.o -o main
  [ "$(qemu-arm -L /usr/arm-linux-gnueabihf ./main)" = 3014 ]
done
shows '__ThumbThunk_f4$' nm main
