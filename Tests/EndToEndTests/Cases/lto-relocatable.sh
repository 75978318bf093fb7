#!/bin/bash
# -r: gcc joins the intermediate forms or, with -flinker-output=nolto-rel, makes machine code; clang
# makes machine code. What comes out links further.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int two(void); int main(void) { return two() - 2; }' >a.c
echo 'int two(void) { return 2; }' >b.c
gcc -O2 -flto -c a.c b.c
$CC -O2 -flto -r a.o b.o -o joined.o
shows 'gnu\.lto_' readelf -SW joined.o
$CC -O2 -flto joined.o -o m && ./m
lacks ' two$' nm m
$CC -O2 -flto -flinker-output=nolto-rel -r a.o b.o -o code.o
lacks 'gnu\.lto_' readelf -SW code.o
shows ' T main$' nm code.o
$CC -fno-lto code.o -o m && ./m
clang-19 -O2 -flto -c a.c b.c
$CLANG -O2 -flto -r a.o b.o -o code.o
shows ' T two$' nm code.o
$CLANG code.o -o m && ./m
linked_by_swold m
