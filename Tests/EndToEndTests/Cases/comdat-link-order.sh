#!/bin/bash
# Metadata of a dropped COMDAT copy (SHF_LINK_ORDER) goes with it also if it stands outside the group,
# as with GNU ld; so does metadata of metadata. The same in -r and with --gc-sections.
# machines: x86_64 aarch64 riscv64 (words of 8 bytes)
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >$n.s <<END
.section .text.f,"axG",@progbits,f,comdat
.weak f
f: return 3
.section meta3,"ao",@progbits,meta2
.quad $n
.section meta2,"ao",@progbits,meta
.quad $n
.section meta,"awo",@progbits,.text.f
.quad $n, f, .text.f
.section .stack_sizes,"o",@progbits,.text.f
.quad .text.f
.section .text.own$n,"ax"
.globl own$n
own$n: jmp f
.section meta,"awo",@progbits,.text.own$n,unique,1
.quad $n, own$n, 0
END
  as $n.s -o $n.o
done
cat >m.c <<'END'
extern long __start_meta[], __stop_meta[];
int own1(void), own2(void);
int main(void) { return own1() != 3 || own2() != 3 || __stop_meta - __start_meta != 9; }
END
gcc -c m.c
$SWOLD -r 1.o 2.o -o r.o
for form in "1.o 2.o" "-Wl,--gc-sections 1.o 2.o" r.o "-Wl,--gc-sections r.o"; do
  $CC -z noexecstack m.o $form -o m
  ./m
  [ $((0x$(section m meta size))) = 72 ]
  [ $((0x$(section m meta3 size))) = 8 ]
  [ $((0x$(section m .stack_sizes size))) = 8 ]
done
