#!/bin/bash
# RISC-V: code is aligned wherever a section map or an option puts it, with and without relaxation,
# and code without compressed instructions is not put out of step by one.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'X'
        .globl _start, f, g
_start: call f
        .p2align 5
f:      ret
        .section .text.g, "ax"
        tail f
        .p2align 4
g:      ret
        .section .text.h, "ax"
        .option norvc
        tail f
        .p2align 3
h:      ret
X
llvm-mc-19 -filetype=obj -triple=riscv64 -mattr=+c,+relax a.s -o a.o
cat >pins.smap <<'X'
smap 1;
entry _start;
pages none;
region ram { at 0x8000_0000; size 64 KiB; access rwx; }
place in ram {
    section .pinned { at 0x8000_1010; take .text.g; }
    section .text { take @code; }
    section .rest { take @rodata; take @data; take @bss; }
}
X
check() {
  for symbol in f:31 g:15 h:7; do
    [ $((16#$(address "$1" ${symbol%:*}) & ${symbol#*:})) = 0 ]
  done
}
for options in '' --no-relax --no-relax-gp; do
  $SWOLD $options a.o -o plain; check plain
  $SWOLD $options -Ttext=0x20020 a.o -o placed; check placed
  $SWOLD $options --section-map=pins.smap a.o -o pinned; check pinned
done
# Nops that cannot do it are an error, as with GNU ld and lld.
printf '.globl _start\n_start: .byte 1\n .p2align 2\n nop\n' >odd.s
llvm-mc-19 -filetype=obj -triple=riscv64 -mattr=+c,+relax odd.s -o odd.o
expect_fail $SWOLD odd.o -o odd
  says 'odd.o:\(.text\)\+0x1: relocation cannot align 0x.*1 to 4 bytes with 2 bytes of nops'
