#!/bin/bash
# AArch64: calls and jumps that do not reach go through thunks, which have symbols and are in the map
# file: in 300 MiB of code, forwards and backwards, to PLT entries, from one pinned section to another.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

for i in {0..14}; do
  {
    printf '.section .text.f%d,"ax"\n.globl f%d\nf%d: add x0,x0,#%d\nret\n' $i $i $i $i
    printf '.globl g%d\ng%d: stp x29,x30,[sp,#-16]!\n' $i $i
    for j in {0..14}; do echo "bl f$j"; done
    printf 'bl near\nldp x29,x30,[sp],#16\nb h\n.space 20<<20\n.section .text.n%d,"ax"\nnear: ret\n' $i
  } >c$i.s
  aarch64-linux-gnu-as c$i.s -o c$i.o
  calls="${calls:-}r = g$i(r); " declared="${declared:-long h(long);} long g$i(long);"
done
echo '#include <stdio.h>' >main.c
echo "$declared long h(long x) { return x + 1; } int main() { long r = 0; $calls printf(\"%ld\\n\", r); }" >>main.c
GCC=aarch64-linux-gnu-gcc
run() { [ "$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$1")" = 1590 ]; }
$GCC -c main.c
for kind in '-pie -Wl,-Map=map' -static '-no-pie -Wl,--gc-sections'; do
  $GCC -B"$LD_DIR" $kind main.o c?.o c??.o -o main
  run ./main
  shows 'FUNC +LOCAL .* __AArch64ADRPThunk_f0$' readelf -sW main
  [ "$(count '__AArch64ADRPThunk_' readelf -sW main)" -lt 60 ]
done
shows 'text.thunks' cat map
$SWOLD -e main --threads=1 -shared main.o c?.o c??.o -o one
$SWOLD -e main --threads=4 -shared main.o c?.o c??.o -o four
cmp one four

# No thunk where nothing is far.
printf '.globl _start\n_start: bl far\nb far\nret\n.section .far,"ax"\nfar: bl _start\nret\n' >s.s
aarch64-linux-gnu-as s.s -o s.o
$SWOLD s.o -o near
lacks Thunk readelf -sW near
$SWOLD s.o --section-start=.far=0x30000000 -o far
[ "$(count Thunk readelf -sW far)" = 2 ]
shows 'bl.*<__AArch64ADRPThunk_.far>' aarch64-linux-gnu-objdump -d far
# Beyond the 4 GiB of adrp, in either direction; conditional branches reach 1 MiB and 32 KiB, and no linker
# helps them.
cat >l.s <<'X'
.globl _start
_start: mov x0, #1
bl far
mov x8, #93
svc #0
back: add x0, x0, #2
ret
.section .far,"ax"
far: add x0, x0, #4
b back
X
aarch64-linux-gnu-as l.s -o l.o
for kind in '' '-pie --no-dynamic-linker'; do
  $SWOLD $kind l.o --section-start=.far=0x300000000 -o farther
  [ "$(count __AArch64FarThunk_ readelf -sW farther)" = 2 ]
  [ "$(qemu-aarch64 ./farther; echo $?)" = 7 ] || fail "beyond 4 GiB: $kind"
done
for branch in 'b.eq far:CONDBR19' 'cbz x0, far:CONDBR19' 'tbz x0, #1, far:TSTBR14'; do
  printf '.globl _start\n_start: %s\n.section .far,"ax"\n.globl far\nfar: ret\n' "${branch%:*}" >b.s
  aarch64-linux-gnu-as b.s -o b.o
  expect_fail $SWOLD b.o --section-start=.far=0x30000000 -o branch
  says "b.o:.*: relocation R_AARCH64_${branch#*:} out of range: .*; references far"
done

# In a section map: between two regions, before the padding of a section.
cat >m.s <<'X'
.section .a1,"ax"
.globl _start
_start: bl fb
bl fc
mov x0, #7
mov x8, #93
svc #0
.section .a2,"ax"
fa: ret
.section .b1,"ax"
fb: ret
.section .b2,"ax"
.globl fc
fc: b fd
.section .c1,"ax"
fd: ret
X
aarch64-linux-gnu-as m.s -o m.o
cat >m.smap <<'X'
smap 1;
region low { at 0x400000; size 64 MiB; }
region high { at 0x20000000; size 64 MiB; }
place in low { headers; section .text { take .a1; group { take .a2; pad 64; end a_end; } pad 4096; } }
place in high { section .hi { take .b1; take .b2; take .c1; } }
X
$SWOLD m.o --section-map m.smap -o mapped -Map map
[ "$(qemu-aarch64 ./mapped; echo $?)" = 7 ]
shows 'text.thunks' cat map
# The padding is the last, up to an address.
[ $(((0x$(section mapped .text address) + 0x$(section mapped .text size)) % 4096)) = 0 ]
