#!/bin/bash
# A hidden symbol cannot come from a shared object.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; }' >l.c
echo '__attribute__((visibility("hidden"))) int f(void); int main(void) { return f(); }' >m.c
gcc -shared -fPIC l.c -o l.so
gcc -c m.c
expect_fail $CC m.o ./l.so -o m
says 'f'
