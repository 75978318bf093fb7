#!/bin/bash
# LLVM bitcode gets a clear message, not a parse error.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
clang-19 -flto -c f.c -o bitcode.o
gcc -c m.c
[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
expect_fail $SWOLD m.o bitcode.o -o m
says 'bitcode\.o'
says 'LTO|bitcode'
