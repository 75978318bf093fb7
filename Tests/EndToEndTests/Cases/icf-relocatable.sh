#!/bin/bash
# -r and --emit-relocs fold nothing and say so.
. "$(dirname "$0")/../prelude.sh"

echo 'int a(int x) { return x + 9; } int b(int x) { return x + 9; }' >a.c
$CC -O1 -ffunction-sections -c a.c
"$SWOLD" -r --icf=all --print-icf-sections a.o -o both.o >list 2>err
grep -q -- '--icf has no effect with -r' err
[ ! -s list ]
shows '\.text\.b' readelf -SW both.o

echo 'int _start(void) { return 0; }' >s.c
$CC -c s.c
"$SWOLD" --emit-relocs --icf=safe --print-icf-sections a.o s.o -o kept >list 2>err
grep -q -- '--icf has no effect with --emit-relocs' err
[ ! -s list ]
[ "$(address kept a)" != "$(address kept b)" ]
