#!/bin/bash
# Load images follow each other as their sections are declared, also if an expression further up names a later one.
# machines: x86_64 (sizes of x86-64 words)
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n.text\n_start: ret\n.section .early,"aw"\n.quad 1, 2\n.section .late,"aw"\n.quad 3\n' >a.s
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region rom { at 0x1000; size 4 KiB; }
region ram { at 0x8000; size 4 KiB; }
place in rom { slot table { word u32 load_start(.late), start(.late); } section .text { pad 8; take .text; } }
place in ram {
    section .early { load in rom; take .early; load_start early; }
    section .late { load in rom; take .late; load_start late; }
}
END
"$SWOLD" --section-map m.smap a.o -o a
[ "$(address a early)" = 0000000000001010 ]
[ "$(address a late)" = 0000000000001020 ]
