#!/bin/bash
# The policies for orphans, and what `discard` and `forbid` say about references.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: load_address gone
.section .vendor, "a"
gone: .quad 1
.section .vendor.more, "a"
.quad 1
.section .config, "aw"
.quad 1
END
as a.s -o a.o
map() { printf 'smap 1;\npages none; entry _start;\n%s\nplace at 0x1000 { section .text { take @code; } section .data { take .data+; } }\ndiscard .bss+;\n' "$1" >m.smap; }
map 'orphans error;'
expect_fail $SWOLD --section-map m.smap a.o -o a
[ "$(grep -c 'error\[SM202\]' "$ERR")" = 3 ]
says 'm.smap:3:1: error\[SM202\]: no rule takes .vendor \(1 section, 8 bytes, first in a.o\)'
says "help: add 'take .vendor\+;'"
map 'orphans warn;'
$SWOLD --section-map m.smap a.o -o a 2>warnings
[ "$(grep -c 'warning\[SM202\]' warnings)" = 3 ]
has_section a .vendor
map 'orphans place;'
$SWOLD --section-map m.smap a.o -o a 2>warnings
[ ! -s warnings ]
# Read-only data goes in front of code here, for the map has none: behind nothing, before the code.
[ $((0x$(section a .vendor address))) -lt $((0x$(section a .text address))) ]
# Dropped, but the code refers to it.
rm a
map 'orphans discard;'
expect_fail $SWOLD --section-map m.smap a.o -o a
says 'm.smap:3:1: error\[SM204\]: a.o:\(.text\) refers to .* in a.o:\(.vendor\)'
[ ! -e a ]
map 'orphans place; discard .vendor+;'
expect_fail $SWOLD --section-map m.smap a.o -o a
says 'm.smap:3:24: error\[SM204\]'
map 'orphans place; forbid .vendor+, "no vendor data";'
expect_fail $SWOLD --section-map m.smap a.o -o a
says 'm.smap:3:23: error\[SM203\]: no vendor data: a.o:\(.vendor\) has 8 bytes and 1 more'
# The option is the policy if the map has none, and may not contradict it.
map ''
$SWOLD --section-map m.smap --orphan-handling=place a.o -o a
map 'orphans place;'
expect_fail $SWOLD --section-map m.smap --orphan-handling=error a.o -o b
says 'SM106'
