#!/bin/bash
# `mirrors`: one memory at two addresses has one allocator, as a script of GNU ld has it that leaves out by hand what
# the other bus has taken (ESP32).
# machines: x86_64 (sizes of x86-64 words)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: .zero 21
.data
.quad 1, 2, 3
.section .pinned, "aw"
.quad 4
.section .late, "ax"
.zero 7
.bss
.zero 64
END
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region dram { at 0x3ffb_0000; size 4 KiB; end dram_end; }
region iram { at 0x4002_0000; mirrors dram; access rx; }
place in iram { section .text { pad 4; take .text; } }
place in dram {
    section .data { align 8; take .data; start data; }
    section .pinned { at 0x3ffb_0040; take .pinned; }
}
place in iram { section .late { align 4; take .late; start late; } }
place in dram { section .bss { align 4; take .bss; start bss; } reserve heap { align 8; size rest; start heap; end heap_end; } }
END
cat >l.ld <<'END'
SECTIONS {
    .text 0x40020000 : { *(.text) . = ALIGN(4); }
    .data 0x3ffb0018 : { data = .; *(.data) }
    .late 0x40020030 : { late = .; *(.late) }
    .pinned 0x3ffb0040 : { *(.pinned) }
    .bss 0x3ffb0048 : { bss = .; *(.bss) }
    heap = 0x3ffb0088;
    heap_end = 0x3ffb1000;
}
END
"$SWOLD" --section-map m.smap a.o -o a
ld.bfd -T l.ld a.o -o b
for name in data late bss heap heap_end; do
  [ "$(address a $name)" = "$(address b $name)" ] || fail "$name: $(address a $name), $(address b $name)"
done
"$SWOLD" --section-map m.smap --print-section-map a.o -o a >printed.smap
shows 'mirrors dram;' cat printed.smap
"$SWOLD" --section-map printed.smap a.o -o again
cmp a again

sed 's/\.zero 21/.zero 4080/' a.s >big.s
as big.s -o big.o
expect_fail "$SWOLD" --section-map m.smap big.o -o c
says 'SM30[14]'
