#!/bin/bash
# Regions that are stored in each other, in a circle of any length: an error at the first of them, and one for
# each circle. What only leads into a circle is not to blame.
. "$(dirname "$0")/../prelude.sh"

as -o a.o <<<'.globl _start; _start: ret'
cat >m.smap <<'END'
smap 1;
region a { at 0x1_0000; size 4 KiB; load in b; }
region b { at 0x2_0000; size 4 KiB; load in c; }
region c { at 0x3_0000; size 4 KiB; load in d; }
region d { at 0x4_0000; size 4 KiB; load in b; }
region e { at 0x5_0000; size 4 KiB; load in e; }
region f { at 0x6_0000; size 4 KiB; load in alias; }
region g { at 0x7_0000; size 4 KiB; load in f; }
region alias = g;
region h { at 0x8_0000; size 4 KiB; load in i; }
region i { at 0x9_0000; size 4 KiB; }
place in a { section .text; }
END
expect_fail "$SWOLD" --section-map m.smap a.o -o a
says 'm.smap:3:45: error\[SM105\]: .*: b → c → d → b$'
says 'm.smap:6:45: error\[SM105\]: a region cannot be stored in itself$'
says 'm.smap:7:45: error\[SM105\]: .*: f → g → f$'
[ "$(grep -c error "$ERR")" = 3 ]
