#!/bin/bash
# `orphans set_*;` in a place: sections that no rule takes keep their names, and so __start_ and __stop_, and stand there. `orphans
# discard` drops what nothing else takes.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: nop
.section set_b, "aw"
.long 1, 2
.section set_a, "aw"
.long 3
.section set_taken, "aw"
.long 4
.section other, "aw"
.long 5
.section .junk, "a"
.long 6
.section .rodata, "a"
.long 7
.data
word1: .long __start_set_a
.long __stop_set_b
END
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region ram { at 0x8000; size 4 KiB; }
place in ram {
    section .text { take .text; }
    group sets { orphans set_* except nothing.o(*); start sets; end sets_end; }
    section .data { take .data set_taken; start data; }
}
section .rodata { take a.o(.rodata); }
orphans discard a.o(.rodata .junk) other;
END
sed -i '/^section .rodata/d; s/take .text;/take .text .rodata;/' m.smap
"$SWOLD" --section-map m.smap a.o -o a
hex() { printf '%x' "0x$(address a "$1")"; }
[ $((0x$(hex sets_end) - 0x$(hex sets))) = 12 ]
[ $((0x$(hex __stop_set_b) - 0x$(hex sets))) = 8 ]
[ "$(hex __start_set_a)" = "$(hex __stop_set_b)" ]
[ "$(hex data)" = "$(hex sets_end)" ]
readelf -SW a >sections
grep -q ' set_a .* set_b \|set_b' sections
! grep -q 'junk\|other\|set_taken' sections
# The rule for .rodata is more exact than the one of .text and yields all the same.
shows ' [.]text ' readelf -SW a
"$SWOLD" --section-map m.smap --print-section-map a.o -o a >again.smap
grep -q 'orphans set_\* except nothing.o(\*);' again.smap
grep -q 'orphans discard a.o(.rodata .junk) other;' again.smap
"$SWOLD" --section-map again.smap a.o -o b
cmp a b
