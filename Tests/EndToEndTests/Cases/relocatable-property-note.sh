#!/bin/bash
# -r states what holds for all its inputs, in one property note.
# machines: x86_64 (Control-flow Enforcement of x86)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -fcf-protection -c f.c m.c
$SWOLD -r f.o m.o -o fm.o
sane fm.o
shows 'x86 feature: IBT, SHSTK' readelf -nW fm.o
[ "$(count NT_GNU_PROPERTY readelf -nW fm.o)" = 1 ]
[ "$(section fm.o .note.gnu.property align)" = 8 ]
gcc -fcf-protection=none -c f.c
$SWOLD -r f.o m.o -o fm.o
lacks 'IBT|SHSTK' readelf -nW fm.o
$CC fm.o -o m
./m
