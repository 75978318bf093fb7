#!/bin/bash
# -z ibt and -z shstk mark the output whatever the objects say.
# machines: x86_64 i386 (Control-flow Enforcement of x86)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; }' >l.c
gcc -fcf-protection=none -fPIC -c l.c
$SWOLD -shared -z ibt -z shstk l.o -o l.so
shows 'IBT, SHSTK' readelf -nW l.so
shows 'GNU_PROPERTY' readelf -lW l.so
