#!/bin/bash
# `overlay`: items with one run address and load addresses of their own, as GNU ld's OVERLAY lays them out; a section without bytes
# over one that has some (U-Boot); what has bytes and no place of its own is an error.
# machines: x86_64 (sizes of x86-64 words)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: ret
.section .one, "aw"
.quad 1, 2, 3
.section .two, "aw"
.quad 4
.section .two.more, "aw"
.quad 5
.section .dynrel, "a"
.quad 6
.bss
.zero 64
END
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region rom { at 0x1000; size 4 KiB; }
region ram { at 0x8000; size 4 KiB; }
place in rom { section .text { pad 8; take .text; } }
place in ram {
    overlay banks {
        load in rom; start banks; end banks_end; load_start banks_lma;
        section .one { take .one; load_start one; load_end one_end; }
        group { load_start two; load_end two_end; section .two { take .two; } section .two.more; }
    }
    overlay { section .dynrel { load in rom; take .dynrel; } section .bss { take .bss; start bss; end bss_end; } }
    section .behind { always; start behind; }
}
END
cat >l.ld <<'END'
SECTIONS {
    .text 0x1000 : { *(.text) . = ALIGN(8); }
    banks = 0x8000;
    OVERLAY 0x8000 : AT(0x1008) {
        .one { *(.one) one = LOADADDR(.one); one_end = LOADADDR(.one) + SIZEOF(.one); }
        .two { *(.two .two.more) two = LOADADDR(.two); two_end = LOADADDR(.two) + SIZEOF(.two); }
    }
    banks_end = .;
    .dynrel : AT(LOADADDR(.two) + SIZEOF(.two)) { *(.dynrel) }
    .bss ADDR(.dynrel) (OVERLAY) : { bss = .; *(.bss) bss_end = .; }
}
END
"$SWOLD" --section-map m.smap a.o -o a
ld.bfd -T l.ld a.o -o b
for name in banks banks_end one one_end two two_end bss bss_end; do
  [ "$(address a $name)" = "$(address b $name)" ] || fail "$name: $(address a $name), $(address b $name)"
done
[ "$(address a behind)" = "$(address a bss_end)" ]
shows 'LOAD .* 0x0*8000 0x0*1008 0x0*18 0x0*18 ' readelf -lW a
shows 'LOAD .* 0x0*8000 0x0*1020 0x0*10 0x0*10 ' readelf -lW a

sed 's/load in rom; start banks/start banks/' m.smap >bad.smap
expect_fail "$SWOLD" --section-map bad.smap a.o -o a
says 'SM304.: load addresses overlap'
says "needs a place to be stored: 'load in REGION;'"
sed 's/section .one { take/section .one { at 0x8000; take/' m.smap >bad.smap
expect_fail "$SWOLD" --section-map bad.smap a.o -o a
says 'SM105.: a section with an address cannot stand in an overlay'
