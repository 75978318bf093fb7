#!/bin/bash
# -r --defsym: numbers, and places in sections, which stay right when the sections move.
. "$(dirname "$0")/../prelude.sh"

echo 'int table[4] = {1, 2, 3, 4};' >t.c
cat >m.c <<'END'
extern int third[], table[];
extern char number[];
int main(void) { return third[0] != 3 || third != table + 2 || (long)number != 0x1234; }
END
echo 'int other[9] = {1};' >o.c
gcc -fno-pie -c t.c m.c o.c
$SWOLD -r --defsym=third=table+8 --defsym=number=0x1234 -u wanted t.o -o td.o
sane td.o
shows ' UND wanted' readelf -sW td.o
shows '0{4}1234 .* ABS number' readelf -sW td.o
$CC -no-pie o.o td.o m.o -Wl,--defsym=wanted=0 -o m
./m
expect_fail $SWOLD -r --defsym=third=nowhere+8 t.o -o td.o
says 'third.*nowhere'
