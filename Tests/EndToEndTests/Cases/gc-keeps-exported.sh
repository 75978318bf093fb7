#!/bin/bash
# What a library exports, or a program with -E, is a root.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
int seven(void) { return 7; }
int api(void) { return seven(); }
__attribute__((visibility("hidden"))) int dead(void) { return 1; }
END
$CC -shared -fPIC -ffunction-sections -Wl,--gc-sections l.c -o l.so
shows ' api$' nm -D l.so
lacks ' dead$' nm l.so
echo 'int shown(void) { return 7; } int main(void) { return 0; }' >m.c
$CC -ffunction-sections -Wl,--gc-sections -rdynamic m.c -o m1
$CC -ffunction-sections -Wl,--gc-sections m.c -o m2
shows ' shown$' nm -D m1
lacks ' shown$' nm m2
