#!/bin/bash
# -z nocopyreloc in a program at a fixed address: words of read-only sections that hold the
# address of a library's data are text relocations (GNU ld, mold); parts of addresses cannot be.
# machines: -riscv64 (no code has whole addresses)
. "$(dirname "$0")/../prelude.sh"

echo 'int ext = 5;' >l.c
gcc -shared -fPIC l.c -o libl.so
echo 'extern int ext; int main(void) { return ext - 5; }' >m.c
gcc $WHOLE_ADDRESSES -c m.c
$CC -no-pie m.o ./libl.so -Wl,-z,nocopyreloc -o m 2>err
./m
grep -q "m\.o:(\.text).*$R_WORD against ext" err
shows TEXTREL readelf -d m
lacks "${R}COPY" readelf -rW m
expect_fail $CC -no-pie m.o ./libl.so -Wl,-z,nocopyreloc,-z,text -o n
[ $MACHINE != i386 ] || exit 0
gcc -fno-pic -c m.c
expect_fail $CC -no-pie m.o ./libl.so -Wl,-z,nocopyreloc -o n
says 'ext cannot be used'
