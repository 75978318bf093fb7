#!/bin/bash
# --section-order: mold's words for a layout. Addresses are as with mold where both have the same sections, and what no
# word names still has a place.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >k.s <<'END'
.globl _start, foo, d
.text
_start: ret
.section .text.more,"ax"
ret
.section .foo,"ax"
foo: nop
.section .rodata
.long 1
.data
d: .long 0
.bss
.zero 16
.section .note.GNU-stack,"",@progbits
END
as k.s -o k.o
link() { # WORDS : with both
  $SWOLD -static k.o -o k --section-order="$1"
  mold -static k.o -o peer --section-order="$1"
  sane_image k
}
same() { for name; do [ "$(section k $name address)" = "$(section peer $name address)" ] || fail "$name with $words"; done; }
words='EHDR PHDR =0x10000 .foo TEXT %65536 RODATA =0x900000 DATA BSS'
link "$words" && same .foo .text && [ "$(section k .rodata address)" = 0000000000020000 ]
[ "$(section k .data address)" = 0000000000900000 ]
shows '^ *LOAD +0x000000 ' readelf -lW k
# It is a section map, and can be had as one.
$SWOLD -static k.o -o k --section-order="$words" --print-section-map >map
$SWOLD -static k.o -o mapped --section-map=map && cmp k mapped
words='=0x10000 TEXT RODATA =0x8000 DATA BSS'
link "$words" && [ "$(section k .text address) $(section k .data address)" = '0000000000010000 0000000000008000' ]
has_no_section k .text.more
lacks '^ *LOAD +0x000000 ' readelf -lW k          # no headers in memory
words='=0x10000 .foo TEXT !after_text RODATA DATA !after_data BSS !after_bss'
link "$words"
[ $((0x$(address k after_text))) = $((0x$(section k .text address) + 0x$(section k .text size))) ]
[ $((0x$(address k after_data))) = $((0x$(section k .data address) + 0x$(section k .data size))) ]
[ $((0x$(address k after_bss))) = $((0x$(section k .bss address) + 0x$(section k .bss size))) ]
# A whole program in another order than usual.
cat >m.c <<'END'
#include <stdio.h>
__thread int t = 3;
int data = 4, zeros[100];
__attribute__((section(".mine"))) int mine = 5;
int main(void) { printf("%d\n", t + data + mine + zeros[3]); return 0; }
END
for flags in -no-pie -pie -static; do
  $CC $flags m.c -o m -Wl,--section-order='EHDR PHDR DATA .mine BSS %0x10000 RODATA TEXT'
  [ "$(./m)" = 12 ] && sane m
  [[ $(section m .data address) < $(section m .rodata address) ]]
  [[ $(section m .rodata address) < $(section m .text address) ]]
done
$CC -no-pie m.c -o m -Wl,--section-order='EHDR PHDR TEXT TEXT DATA BSS' && [ "$(./m)" = 12 ]  # no word for some
# What cannot be.
for words in 'TEXT @ DATA' '=xyz TEXT' '%3 TEXT' '+0x100 TEXT'; do
  expect_fail $SWOLD k.o -o n --section-order="$words"
  says 'bad value; expected EHDR, PHDR, TEXT'
done
echo 'smap 1; place at 0 { section .all { take @alloc; } }' >map
expect_fail $SWOLD k.o -o n --section-order=TEXT --section-map=map
says '--section-order and --section-map may not be used together'
expect_fail $SWOLD k.o -o n --section-order='=0x10000 TEXT =0x10000 DATA BSS RODATA'
says 'overlap'
