#!/bin/bash
# `spare` leaves room for edits after the link: program headers, dynamic tags, bytes in .dynstr and
# .interp; swold-edit and patchelf fill it.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'E'
#include <stdio.h>
int main(void) { return puts("runs") < 0; }
E
gcc -c -fPIE m.c
none='spare phdrs 0, dyntags 0, dynstr 0, interp 0;'
some='spare phdrs 3, dyntags 5, dynstr 100, interp 16;'
for what in none some; do
  printf 'smap 1;\nextends default;\n%s\n' "${!what}" >$what.smap
  $CC m.o -Wl,--section-map=$what.smap -o $what
  [ "$(./$what)" = runs ]
  sane $what
done
more() { echo $((0x$(section some $1 size) - 0x$(section none $1 size))); }
[ "$(more .dynamic)" = $((10 * BITS / 8)) ]
[ "$(more .dynstr)" = 100 ]
[ "$(more .interp)" = 16 ]
header=64 entry=56
[ $BITS = 64 ] || header=52 entry=32
# Three more entries in the table, empty, and in front of the first section.
headers() { readelf -hW $1 | awk '/Number of program headers/ { print $5 }'; }
[ $(headers some) = $(($(headers none) + 3)) ]
[ "$(readelf -lW some | grep -c '^  NULL ')" = 3 ]
[ $((0x$(section some .interp address))) -ge $((header + entry * $(headers some))) ]
