#!/bin/bash
# With -z nocopyreloc a program that needs one does not link.
. "$(dirname "$0")/../prelude.sh"

echo 'int v = 3;' >l.c
echo 'extern int v; int main(void) { return v - 3; }' >m.c
gcc -shared -fPIC l.c -o libl.so
gcc -fno-pic -c m.c
expect_fail $CC -no-pie -Wl,-z,nocopyreloc -Wl,-z,text m.o ./libl.so -o m
says 'v'
