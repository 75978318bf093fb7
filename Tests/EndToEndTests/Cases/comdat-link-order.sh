#!/bin/bash
# Metadata of a dropped COMDAT copy (SHF_LINK_ORDER) goes with it also if it stands outside the group,
# as with GNU ld; so does metadata of metadata. The same in -r and with --gc-sections.
. "$(dirname "$0")/../prelude.sh"

word=.quad
[ $BITS = 64 ] || word=.long
for n in 1 2; do
  cat >$n.s <<END
.section .text.f,"axG",@progbits,f,comdat
.weak f
.type f, @function
f: return 3
.section meta3,"ao",@progbits,meta2
$word $n
.section meta2,"ao",@progbits,meta
$word $n
.section meta,"awo",@progbits,.text.f
$word $n, f, .text.f
.section .stack_sizes,"o",@progbits,.text.f
$word .text.f
.section .text.own$n,"ax"
.globl own$n
.type own$n, @function
own$n: jmp f
.section meta,"awo",@progbits,.text.own$n,unique,1
$word $n, own$n, 0
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
  [ $((0x$(section m meta size))) = $((9 * BITS / 8)) ]
  [ $((0x$(section m meta3 size))) = $((BITS / 8)) ]
  [ $((0x$(section m .stack_sizes size))) = $((BITS / 8)) ]
done
