#!/bin/bash
# Two archives that need each other, named once, with and without a group.
. "$(dirname "$0")/../prelude.sh"

echo 'int b(void); int a(void) { return b() + 1; }' >a.c
echo 'int c(void); int b(void) { return c() + 1; }' >b.c
echo 'int c(void) { return 1; }' >c.c
echo 'int a(void); int main(void) { return a() != 3; }' >m.c
gcc -c a.c b.c c.c m.c
ar rcs liba.a a.o c.o
ar rcs libb.a b.o
$CC m.o -Wl,--start-group liba.a libb.a -Wl,--end-group -o m1
$CC m.o '-Wl,-(' liba.a libb.a '-Wl,-)' -o m2
$CC m.o liba.a libb.a -o m3
./m1
./m2
./m3
