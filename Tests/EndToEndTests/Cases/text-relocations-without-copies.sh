#!/bin/bash
# -z nocopyreloc in a program at a fixed address: 64-bit words of read-only sections that hold the
# address of a library's data are text relocations (GNU ld, mold); 32 bits cannot be.
# machines: x86_64 (code models of x86-64)
. "$(dirname "$0")/../prelude.sh"

echo 'int ext = 5;' >l.c
gcc -shared -fPIC l.c -o libl.so
echo 'extern int ext; int main(void) { return ext - 5; }' >m.c
gcc -fno-pic -mcmodel=large -c m.c
$CC -no-pie m.o ./libl.so -Wl,-z,nocopyreloc -o m 2>err
./m
grep -q "m\.o:(\.text).*$R_WORD against ext" err
shows TEXTREL readelf -d m
lacks "${R}COPY" readelf -rW m
expect_fail $CC -no-pie m.o ./libl.so -Wl,-z,nocopyreloc,-z,text -o n
gcc -fno-pic -c m.c
expect_fail $CC -no-pie m.o ./libl.so -Wl,-z,nocopyreloc -o n
says 'ext cannot be used'
