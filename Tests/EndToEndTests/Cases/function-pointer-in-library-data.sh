#!/bin/bash
# A table of own functions in a library follows interposition.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
int f(void) { return 1; }
static int g(void) { return 10; }
int (*const table[])(void) = {f, g};
int run(void) { return table[0]() + table[1](); }
END
echo 'int f(void) { return 2; } int run(void); int main(void) { return run() - 12; }' >m.c
$CC -shared -fPIC l.c -o libl.so
$CC m.c ./libl.so -o m
./m
shows "$R_WORD .* f( \+ 0)?\$" readelf -rW libl.so
sane libl.so m
