#!/bin/bash
# `pad N` makes the end a multiple of N, as `. = ALIGN(N)` at that place does: in sections and their groups, in
# groups of places, segments and places; wherever they begin, and also if they are empty.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: .fill 6, 1, 0x90
.section .odd, "a"
.fill 2, 1, 1
.section .b1, "a"
.fill 3, 1, 1
.section .b2, "a"
.byte 1
.section .c, "aw"
.fill 5, 1, 1
END
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region r { at 0x1000; size 64 KiB; }
place in r {
    section .odd;
    section .text { pad 4; take .text; end text_end; }
    section .b { group { take .b1; pad 8; end b1_end; } take .b2; pad 12; end b_end; }
    section .empty { pad 64; end empty_end; }
    group { section .c; pad 100; end group_end; }
    segment s { reserve one { size 1; } pad 16; end segment_end; }
    reserve again { size size(.b); start again; end again_end; }
    pad 1000; end place_end;
}
END
cat >m.ld <<'END'
SECTIONS {
  . = 0x1000;
  .odd : { *(.odd) }
  .text : { *(.text) . = ALIGN(4); text_end = .; }
  .b : { *(.b1) . = ALIGN(8); b1_end = .; *(.b2) . = ALIGN(12); b_end = .; }
  .empty : { . = ALIGN(64); empty_end = .; }
  .c : { *(.c) } . = ALIGN(100); group_end = .;
  . += 1; . = ALIGN(16); segment_end = .;
  again = .; . += SIZEOF(.b); again_end = .;
  . = ALIGN(1000); place_end = .;
}
END
"$SWOLD" --section-map m.smap a.o -o a
"$SWOLD" --section-map m.smap --print-section-map a.o -o a >printed.smap
"$SWOLD" --section-map printed.smap a.o -o b
ld.bfd -T m.ld a.o -o reference 2>/dev/null
symbols() { nm "$1" | sed -nE 's/^0*([0-9a-f]+) . (.*_end|again|_start)$/\1 \2/p'; }
for file in a b; do diff <(symbols reference) <(symbols $file); done
[ "$(symbols a | wc -l)" = 10 ]

# What it is a multiple of may depend on other sections, those behind it, too.
cat >d.smap <<'END'
smap 1; pages none; orphans place;
place at 0x1000 {
    section .text { take .text; pad align_of(.c) * 16; end text_end; }
    section .b1 { group { pad size(.b2) * 16; } take .b1; end b1_end; }
    group { section .b2; pad align_of(.big); end b2_end; }
    section .c; section .big { align 64; take .odd; }
}
END
cat >d.ld <<'END'
SECTIONS {
  . = 0x1000;
  .text : { *(.text) . = ALIGN(ALIGNOF(.c) * 16); text_end = .; }
  .b1 : { . = ALIGN(SIZEOF(.b2) * 16); *(.b1) b1_end = .; }
  .b2 : { *(.b2) } . = ALIGN(ALIGNOF(.big)); b2_end = .;
  .c : { *(.c) } .big : ALIGN(64) { *(.odd) }
}
END
"$SWOLD" --section-map d.smap a.o -o d
"$SWOLD" --section-map d.smap --print-section-map a.o -o d >printed.smap
"$SWOLD" --section-map printed.smap a.o -o e
ld.bfd -T d.ld a.o -o reference 2>/dev/null
for file in d e; do diff <(symbols reference) <(symbols $file); done
[ "$(address d b2_end)" = 0000000000001040 ]
sed 's/pad align_of(.c) .*; end/pad align_of(.text); end/' d.smap >x.smap
expect_fail "$SWOLD" --section-map x.smap a.o -o x
says "x.smap:3:.*error\[SM103\]: the size of '.text' depends on itself"
sed 's/pad size(.b2)/pad size(.none)/; s/section .c;/& section .none { optional take .none; }/' d.smap >x.smap
expect_fail "$SWOLD" --section-map x.smap a.o -o x
says "x.smap:4:.*error\[SM004\]: 'pad' comes to 0 here"

# From the end of a region downwards: the highest address from which the end is not beyond.
cat >h.smap <<'END'
smap 1; pages none; orphans place;
region r { at 0x1000; size 0x103; }
place in r { section .c { take .c; high; pad 16; start c; end c_end; } section .b1 { take .b1; high; pad 10; start b; } }
END
"$SWOLD" --section-map h.smap a.o -o h
[ "$(address h c) $(address h c_end) $(address h b)" = \
  '00000000000010fb 0000000000001100 00000000000010f1' ]

# An address that depends on a size that depends on the address, and no answer is right.
cat >x.smap <<'END'
smap 1; pages none; orphans place;
place at 0x1000 { reserve gap { size 100 - size(.c); } section .c { pad 64; take .c; } }
END
expect_fail "$SWOLD" --section-map x.smap a.o -o x
says 'x.smap:2:64: error\[SM103\]: .*depends on itself'
sed 's/pad 64/align 64; &/' x.smap >y.smap
"$SWOLD" --section-map y.smap a.o -o y
