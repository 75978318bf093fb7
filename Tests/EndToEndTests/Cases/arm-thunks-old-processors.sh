#!/bin/bash
# ARM: far functions of processors without MOVW (ARMv5TE), without BLX (ARMv4T) and without the ARM state
# (ARMv6-M), over 256 MiB and over more than half of the address space.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >far.s <<'S'
.syntax unified
.section .far, "ax", %progbits
.thumb
.global ft
.type ft, %function
ft: adds r0, #4
  bx lr
S
cat >thumb.s <<'S'
.syntax unified
.thumb
.type _start, %function
.global _start
_start: movs r0, #9
  bl ft
  movs r7, #1
  svc 0
S
cat >both.s <<'S'
.syntax unified
.arm
.type _start, %function
.global _start
_start: mov r0, #1
  bl fa
  bl ft
  bl near
  mov r7, #1
  svc 0
.thumb
.type near, %function
near: push {r4, lr}
  bl fa
  bl ft
  pop {r4}
  pop {r1}
  bx r1
.section .far, "ax", %progbits
.arm
.type fa, %function
fa: add r0, r0, #2
  bx lr
S
for core in armv4t:both armv5te:both armv6s-m:thumb; do
  for source in far ${core#*:}; do arm-linux-gnueabihf-as -march=${core%:*} $source.s -o $source.o; done
  for place in 0x10000000 0xa0000000; do
    for kind in '' '-pie --no-dynamic-linker'; do
      $SWOLD $kind ${core#*:}.o far.o --section-start=.far=$place -o m
      shows '__(ARM|Thumb)Thunk_ft' readelf -sW m
      [ "$(qemu-arm ./m; echo $?)" = 13 ] || fail "$core $kind at $place"
    done
  done
done
