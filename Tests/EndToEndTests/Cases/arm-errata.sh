#!/bin/bash
# ARM: --fix-cortex-a8 sends a 32-bit branch of Thumb state whose halves lie in two pages, and which leads
# into the first of them, through a patch (erratum 657417), as GNU ld and lld do. Other branches stay.
# --fix-arm1176 replaces BLX by veneers on processors before ARMv6T2.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'S'
.syntax unified
.arch armv7-a
.macro test name, before:req, branch:req
  .balign 4096
  .space 0xfc0
  .arm
  .type arm_\name, %function
arm_\name: add r0, r0, #2
  bx lr
  .thumb
  .type in_\name, %function
in_\name: adds r0, #2
nop_\name: bx lr
  .space 0x2a
  .type \name, %function
\name: mov r5, lr
  nop
  \before  // at 0xffa
  \branch  // at 0xffe
  bx r5
  .type out_\name, %function
out_\name: adds r0, #2
  bx lr
.endm
.macro two_narrow
  nop
  adds r0, #1
.endm
.thumb
.globl _start, in_global
.type _start, %function
_start: movs r0, #0
.irp name, call, jump, when, arm, global, out, narrow, behind
  bl \name
.endr
  movs r7, #1
  svc 0
test call, "add.w r0, r0, #1", "bl in_call"
test jump, "add.w r0, r0, #1", "b.w in_jump"
test when, "adds.w r0, r0, #1", "bne.w in_when"
test arm, "add.w r0, r0, #1", "blx arm_arm"
test global, "add.w r0, r0, #1", "bl in_global"
test out, "add.w r0, r0, #1", "bl out_out"
test narrow, "two_narrow", "bl in_narrow"
test behind, "bl nop_behind", "bl in_behind"
.balign 4096
.space 0xffa
data: .inst.w 0xf1000001, 0xf7ffffe2
S
arm-linux-gnueabihf-as a.s -o a.o
expect() { local code=0; qemu-arm "./$1" || code=$?; [ "$code" = 23 ] || fail "$1: $code"; }
$SWOLD a.o -o plain
$SWOLD a.o --fix-cortex-a8 -o fixed
$SWOLD a.o --fix-cortex-a8 --no-fix-cortex-a8 -o off
cmp plain off
expect plain
expect fixed
[ "$(count __CortexA8657417_ readelf -sW fixed)" = 6 ]
# Each leads to a patch behind, which goes on.
dump() { arm-linux-gnueabihf-objdump -d fixed; }
shows 'ffe:.*bl.*<__CortexA8657417_.*ffe>' dump
shows 'ffe:.*b\.w.*<__CortexA8657417_.*ffe>' dump
shows 'ffe:.*bne\.w.*<__CortexA8657417_.*ffe>' dump
shows 'ffe:.*blx.*<__CortexA8657417_.*ffe>' dump
shows 'b\.w.*<in_call>' dump
shows '\sb\s.*<arm_arm>' dump
for name in out narrow behind; do shows "ffe:.*bl.*<[a-z]*_$name>" dump; done

cat >old.s <<'S'
.syntax unified
.arch armv6
.arm
.globl _start, thumb
_start: mov r0, #3
  bl thumb
  mov r7, #1
  svc 0
.thumb
.type thumb, %function
thumb: adds r0, #20
  bx lr
S
arm-linux-gnueabihf-as old.s -o old.o
$SWOLD old.o -o plain.old
$SWOLD old.o --fix-arm1176 -o fixed.old
expect plain.old
expect fixed.old
shows 'blx' arm-linux-gnueabihf-objdump -d plain.old
lacks 'blx' arm-linux-gnueabihf-objdump -d fixed.old
