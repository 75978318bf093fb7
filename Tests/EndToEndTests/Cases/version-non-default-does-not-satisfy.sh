#!/bin/bash
# A plain reference is not bound to a non-default version.
. "$(dirname "$0")/../prelude.sh"

echo 'int f1(void) { return 1; } __asm__(".symver f1,f@V1");' >l.c
echo 'V1 { global: f; local: *; };' >v.map
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
gcc -c m.c
expect_fail $CC m.o ./libl.so -o m
says 'undefined.*f'
