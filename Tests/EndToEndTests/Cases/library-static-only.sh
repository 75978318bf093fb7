#!/bin/bash
# After -Bstatic a library that exists only as .so is not found.
. "$(dirname "$0")/../prelude.sh"

echo 'int s(void) { return 0; }' >s.c
echo 'int s(void); int main(void) { return s(); }' >m.c
gcc -shared -fPIC s.c -o libs.so
gcc -c m.c
expect_fail $CC m.o -L. -Wl,-Bstatic -ls -Wl,-Bdynamic -o m
says 'ls|libs'
