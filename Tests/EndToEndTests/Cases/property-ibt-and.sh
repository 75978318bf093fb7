#!/bin/bash
# IBT and SHSTK are marked only if every object has them.
# machines: x86_64 i386 (Control-flow Enforcement of x86)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -fcf-protection=full -c m.c -o m1.o
gcc -fcf-protection=full -c f.c -o f1.o
gcc -fcf-protection=none -c f.c -o f0.o
$SWOLD -shared m1.o f1.o -o both.so
$SWOLD -shared m1.o f0.o -o one.so
shows 'IBT, SHSTK' readelf -nW both.so
lacks 'IBT|SHSTK' readelf -nW one.so
shows 'GNU_PROPERTY' readelf -lW both.so
sane both.so one.so
