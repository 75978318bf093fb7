#!/bin/bash
# --explain: a section that two rules could take, one that was garbage, an orphan, a symbol, an
# address, a region.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
int shared_word = 7;
__attribute__((section(".text.hot.render"))) __attribute__((noipa)) int render(void) { return shared_word; }
__attribute__((section(".text.unused"))) int unused(void) { return 3; }
__attribute__((section(".vendor"), used)) int vendor = 1;
void _start(void) { render(); for (;;); }
END
cat >layout.smap <<'END'
smap 1;
pages none; orphans place; entry _start;
region rom { at 0x8000; size 32 KiB; }
place in rom {
    section .text { take @code; }
    section .hot { align 64; take .text.hot+; }
    section .data { take .data+; }
    reserve heap { size rest; }
}
discard .comment .eh_frame+ .note+;
END
small=
[ $MACHINE != riscv64 ] || small=-msmall-data-limit=0
gcc -c -O1 -ffreestanding -fno-pic -ffunction-sections $small a.c -o a.o
explain() { $SWOLD --gc-sections --section-map layout.smap a.o -u vendor -o a --explain="$1" >explained; }
explain 'section:a.o:(.text.hot.render)'
shows 'layout.smap:6:.*<- chosen' cat explained
shows 'layout.smap:5:.*less specific' cat explained
shows "placed +.hot \+ 0x0 = 0x$(address a render | sed 's/^0*//') \(run\), same" cat explained
shows 'because .*region rom.*.text ends 0x.*align 64' cat explained
explain 'section:.text.unused'
shows 'removed by --gc-sections' cat explained
explain 'section:.vendor'
shows 'orphan' cat explained
explain 'section:.comm*'
explain symbol:render
shows '^render = 0x' cat explained
shows 'text.hot.render' cat explained
explain address:0x$(address a shared_word)
shows 'is .data \+ 0x0' cat explained
explain region:rom
shows 'reserve heap' cat explained
shows '32 KiB, used 32 KiB, free 0 bytes' cat explained
explain section:.nothing
shows 'no input section matches' cat explained
