#!/bin/bash
# A group with `load in R` is one image: run minus load address is the same all over it, as with GNU ld's ALIGN_WITH_INPUT.
# `load in R align e`, `load at load_end(.x)`, and the warning about a gap before an image.
# machines: x86_64 (sizes of x86-64 words)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: ret; ret; ret
.data
.byte 1
.section .fast, "ax"
.balign 32
.quad 2
.section .late, "aw"
.quad 3
END
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region rom { at 0x1000; size 4 KiB; }
region ram { at 0x8004; size 4 KiB; }
place in rom { section .text { take .text; end text_end; } }
place in ram {
    group copied { load in rom; load_start from; load_end from_end; start to; end to_end;
        section .data { take .data; }
        section .fast { take .fast; }
    }
    section .late { load at load_end(.fast) + 4; take .late; load_start late; }
}
assert start(.fast) - load_start(.fast) == start(.data) - load_start(.data);
END
cat >l.ld <<'END'
MEMORY { rom : ORIGIN = 0x1000, LENGTH = 4K  ram : ORIGIN = 0x8004, LENGTH = 4K }
SECTIONS {
    .text : { *(.text) } > rom
    .data : AT(0x1004) ALIGN_WITH_INPUT { from = LOADADDR(.data); to = .; *(.data) } > ram
    .fast : ALIGN_WITH_INPUT { *(.fast) to_end = .; from_end = LOADADDR(.fast) + SIZEOF(.fast); } > ram
    .late : AT(LOADADDR(.fast) + SIZEOF(.fast) + 4) { *(.late) late = LOADADDR(.late); } > ram
}
END
"$SWOLD" --section-map m.smap a.o -o a 2>"$ERR"
says "SM421.: image of group 'copied' begins 1 byte behind 'text_end': who copies from there copies the wrong bytes"
ld.bfd -T l.ld a.o -o b
for name in from from_end to to_end late; do
  [ "$(address a $name)" = "$(address b $name)" ] || fail "$name: $(address a $name), $(address b $name)"
done

sed 's/load in rom;/load in rom align 1;/' m.smap >packed.smap
"$SWOLD" --section-map packed.smap a.o -o a 2>"$ERR"
[ ! -s "$ERR" ]
[ "$(address a from)" = "$(address a text_end)" ]

sed 's/load at load_end(.fast) + 4/load at load_end(.late)/' m.smap >circle.smap
expect_fail "$SWOLD" --section-map circle.smap a.o -o a
says 'SM103.: this load address depends on itself'
