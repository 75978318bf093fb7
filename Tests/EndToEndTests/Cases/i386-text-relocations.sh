#!/bin/bash
# i386: code that is not position-independent in a PIE and a library gets text relocations, with a
# warning; the programs run. Distances to functions of libraries are refused in a library.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

echo 'int v = 5; int *get(void) { return &v; }' >get.c
echo 'int *get(void); int main(void) { return *get() - 5; }' >main.c
gcc -m32 -fno-pic -c get.c
gcc -m32 -fPIE -c main.c
$CC -m32 -pie main.o get.o -o main 2>err
./main
shows TEXTREL readelf -d main
expect_fail $CC -m32 -pie -Wl,-z,text main.o get.o -o main
