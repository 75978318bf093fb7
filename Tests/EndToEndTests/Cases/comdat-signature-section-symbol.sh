#!/bin/bash
# A group whose signature is a section symbol, which has no name of its own, goes by the name of the
# section: GNU as makes such groups. A local symbol is as good a signature as a global one.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >$n.s <<END
.section .text.f,"axG",@progbits,.text.f,comdat
.byte 0x5$n
.section .data.local,"awG",@progbits,local,comdat
local: .byte 0x5$n
.text
.byte 0xc3
END
  as $n.s -o $n.o
done
shows ' SECTION +LOCAL .* \.text\.f' readelf -sW 1.o
$SWOLD -r 1.o 2.o -o r.o
shows 'COMDAT group section .*\[\.text\.f\]' readelf -gW r.o
shows 'COMDAT group section .*\[local\]' readelf -gW r.o
for form in "1.o 2.o" "r.o 2.o" "r.o r.o" "1.o r.o"; do
  $SWOLD -e 0 $form -o out
  [ "$(contents out .data)" = 51 ]
  [ "$(contents out .text | sed 's/../&\n/g' | grep '^5' | tr '\n' ' ')" = '51 ' ]
done
