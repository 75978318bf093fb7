#!/bin/bash
# swold-map check: everything that can be said without an object, the built-in map included.
. "$(dirname "$0")/../prelude.sh"

map=$CASES/../../../.build/release/swold-map
check() { "$map" check "$@"; }
cat >good.smap <<'EOF'
smap 1;
extends default;
section .data { align 64; }
section mine after .data { keep take mine.*; }
EOF
check good.smap >out 2>&1
[ ! -s out ]
# What `extends default` refines is known: names, places, parameters.
sed 's/after .data/after .dta/' good.smap >near.smap
expect_fail check near.smap
says "near.smap:4:20: error\[SM003\]: unknown section '.dta'; did you mean '.data'"
echo 'place at 0x1000_0000 { section .bss; }' | cat good.smap - >second.smap
expect_fail check second.smap
says 'second.smap:5:32: error\[SM104\]: .*built-in layout'
check --map-set page_size=65536 good.smap
expect_fail check --map-set page_sise=65536 good.smap
says "SM205.*did you mean 'page_size'"
# The kind of output counts.
check --pie good.smap
check -r <(echo 'smap 1; section .a { take .a+; }')
expect_fail check -r good.smap
says SM106
echo 'smap 1; place at 0x1_0000_0000 { section .text; }' >wide.smap
check wide.smap
expect_fail check --narrow wide.smap
says SM004
# Doubts are warnings, unless they are to be fatal.
cat >doubt.smap <<'EOF'
smap 1;
place at 0x1000 {
    section .hot { take .text.hot+; }
    section .lib { take app.o(.text+); }
    section .cfg { at 0x2000; take .cfg; }
}
EOF
shows '^$' bash -c "$map check doubt.smap 2>warnings; echo"
grep -qF "doubt.smap:4:25: warning[SM201]: two rules would both claim app.o:(.text.hot)" warnings
grep -qF "doubt.smap:5:23: warning[SM410]" warnings
expect_fail check --fatal-warnings doubt.smap
# Files: several, as one, included along -L, from standard input, and none at all.
mkdir boards
echo 'region ram { at 0; size 64 KiB; }' >boards/board.smap
printf 'smap 1; include "board.smap";\n' >main.smap
echo 'smap 1; place in ram { section .data; }' >place.smap
expect_fail check main.smap
says "main.smap:1:17: error\[SM101\]: cannot find 'board.smap'"
expect_fail check -L boards main.smap place.smap
says "unknown region 'ram'"
check -L boards --together main.smap place.smap
check - <good.smap
expect_fail check - <near.smap
says '^<stdin>:4:20'
expect_fail check nowhere.smap
says "cannot read 'nowhere.smap': No such file"
if grep -q Usage "$ERR"; then fail 'the command line was right'; fi
expect_fail check boards
says "cannot read 'boards': Is a directory"
# Many rules are no burden: 50,000 families, and 1,000 files that claim one family each.
python3 - <<'EOF'
with open("many.smap", "w") as out:
    out.write("smap 1;\nplace at 0x1000 {\n")
    for i in range(50_000):
        out.write(f"    section .s{i} {{ keep take .text.some_function_{i:05}+; start s{i}; }}\n")
    out.write("}\n")
with open("files.smap", "w") as out:
    out.write("smap 1;\nplace at 0x1000 {\n")
    for i in range(1000):
        out.write(f"    section .s{i} {{ take file{i}.o(.text+); }}\n")
    out.write("}\n")
EOF
timeout 20 "$map" check many.smap files.smap || fail 'check takes too long'
