#!/bin/bash
# `region A in B`: a part with addresses of its own, which the flow of the whole leaves out. `optional take`. Rights: tables of
# constructors and the like may stand where nobody writes.
# machines: x86_64 (sizes of x86-64 words)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: ret
.section .vectors, "a"
.quad 1
.section .init_array, "aw"
.quad _start
.section .data.rel.ro, "aw"
.quad _start
.data
.quad 2
END
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region flash { at 0x1000; size 4 KiB; access rx; load at 0x9000; }
region isr in flash { at 0x1000; size 256; end isr_end; }
region ram { at 0x8000; size 4 KiB; }
place in isr { section .vectors { keep take .vectors; load_start vectors; } }
place in flash {
    section .text { take .text; start text; }
    section .init_array { keep take .init_array; }
    section .relro { take .data.rel.ro; optional take .absent; }
}
place in ram { section .data { load in flash; take .data; load_start data; } }
END
"$SWOLD" --section-map m.smap a.o -o a 2>"$ERR"
[ ! -s "$ERR" ]
[ "$(address a text)" = "$(address a isr_end)" ]
[ "$((0x$(address a vectors)))" = $((0x9000)) ]
shows 'init_array .* WA ' readelf -SW a
[ "$((0x$(address a data)))" = $((0x9111)) ]

sed 's/place in ram { section .data { load in flash;/place in flash { section .data {/' m.smap >bad.smap
expect_fail "$SWOLD" --section-map bad.smap a.o -o b
says "SM303.: '.data' has access rw because of a.o:\(.data\), and region 'flash' allows rx"
says "what is written stands in a region that allows it, with 'load in flash;'"
sed 's/size 256/size 8 KiB/' m.smap >bad.smap
expect_fail "$SWOLD" --section-map bad.smap a.o -o b
says "SM307.: region 'isr' does not lie in region 'flash'"
sed 's/region isr in flash/region isr/' m.smap >bad.smap
expect_fail "$SWOLD" --section-map bad.smap a.o -o b
says "if it is meant as a part: 'region isr in flash { … }'"
sed 's/region flash {/region flash in isr {/' m.smap >bad.smap
expect_fail "$SWOLD" --section-map bad.smap a.o -o b
says "SM105.: region '(flash|isr)' is a part of itself"
