#!/bin/bash
# What is said of a map comes in the order of its lines, whichever phase finds it, with an included file
# behind the one that includes it; and every cause is named once.
. "$(dirname "$0")/../prelude.sh"

as -o a.o <<<'.globl _start; _start: ret'
# lines FILE: the lines of the map that the messages point at, in the order of the messages.
lines() { sed -nE 's/^([a-z]*\.smap:[0-9]+):[0-9]+: (error|warning).*/\1/p' "$1" | tr '\n' ' '; }

# Rules are matched before anything is placed, and what is not defined shows last.
cat >m.smap <<'END'
smap 1;
region small { at 0x1000; size 16; }
place in small { section .big { reserve 32; } }
place at 0x5000 { section .text { take .text; max 0; } }
place at 0x6000 { section .none { take .nothing; } }
root nobody;
include "n.smap";
place at 0x7000 { section .late { always; min 1; } }
END
cat >n.smap <<'END'
place at 0x8000 { section .other { take .nothing_else; } }
place at 0x9000 { section .tight { reserve 8; max 4; } }
END
expect_fail "$SWOLD" --section-map m.smap a.o -o a
[ "$(lines "$ERR")" = 'm.smap:2 m.smap:4 m.smap:5 m.smap:6 m.smap:8 n.smap:1 n.smap:2 ' ]

# Warnings wait for the end of layout, and are not lost.
sed -i -e 's/size 16/size 64/; s/; max [04]//; s/ min 1;//; /root/d' m.smap n.smap
"$SWOLD" --section-map m.smap a.o -o a 2>warnings
[ "$(lines warnings)" = 'm.smap:5 n.smap:1 ' ]

# Regions that lie in one another: each is named once, not once for every other.
{ echo 'smap 1;'; for i in $(seq 12); do echo "region r$i { at 0; size 4; }"; done; } >r.smap
echo 'place in r1 { section .text; }' >>r.smap
expect_fail "$SWOLD" --section-map r.smap a.o -o a
[ "$(lines "$ERR")" = "$(printf 'r.smap:%d ' $(seq 3 13))" ]
