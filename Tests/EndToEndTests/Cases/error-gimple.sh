#!/bin/bash
# A gcc -flto object without machine code gets a clear message.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -flto -fno-fat-lto-objects -c f.c -o gimple.o
gcc -c m.c
[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
expect_fail $SWOLD m.o gimple.o -o m
says 'gimple\.o'
says 'LTO|GIMPLE'
