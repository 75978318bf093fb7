#!/bin/bash
# A 32-bit object does not go into a 64-bit program.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

clang-19 --target=i386-linux-gnu -x c -c - -o small.o <<<'int f(void) { return 0; }'
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
expect_fail $CC m.o small.o -o m
says 'small\.o'
