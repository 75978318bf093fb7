#!/bin/bash
# An object for another machine is refused by name.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

clang-19 --target=aarch64-linux-gnu -x c -c - -o arm.o <<<'int f(void) { return 0; }'
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
expect_fail $CC m.o arm.o -o m
says 'arm\.o'
[ ! -e m ]
