#!/bin/bash
# What follows .tbss begins where .tbss does, behind the padding in front of it, as with GNU ld.
# machines: x86_64 (it is about layout alone)
. "$(dirname "$0")/../prelude.sh"
not_linted "an output of GNU ld"

cat >x.s <<'S'
.text
.globl _start
_start: nop
.data
.byte 1, 2, 3
.section .tbss, "awT", @nobits
.balign 64
.skip 20
.bss
.byte 0
S
cat >x.smap <<'S'
smap 1;
pages none;
place at 0x1000 {
    section .text { take .text; }
    section .data { take .data; }
    section .tbss { take .tbss; }
    section .room { access rw; nobits; reserve size(.tbss); }
    section .bss { take .bss; }
}
S
cat >x.ld <<'S'
SECTIONS {
  . = 0x1000;
  .text : { *(.text) }
  .data : { *(.data) }
  .tbss : { *(.tbss) }
  .room (NOLOAD) : { . += SIZEOF(.tbss); }
  .bss : { *(.bss) }
}
S
as x.s -o x.o
"$SWOLD" --section-map x.smap x.o -o own
ld.bfd -T x.ld x.o -o gnu 2>/dev/null
addresses() { readelf -SW "$1" | sed -nE 's/^ *\[ *[0-9]+\] (\.(text|data|tbss|room|bss)) +[A-Z]+ +([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+).*/\1 \3 \4/p'; }
addresses own >own.txt
addresses gnu >gnu.txt
[ "$(wc -l <own.txt)" = 5 ]
diff gnu.txt own.txt
