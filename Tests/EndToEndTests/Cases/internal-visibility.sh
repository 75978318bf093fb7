#!/bin/bash
# An internal symbol is not exported.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((visibility("internal"))) int f(void) { return 1; } int g(void) { return f(); }' >a.c
$CC -shared -fPIC a.c -o l.so
lacks ' f$' nm -D l.so
shows ' T g$' nm -D l.so
sane l.so
