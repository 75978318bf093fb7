#!/bin/bash
# Common symbols of several sizes become one, of the largest size and alignment.
. "$(dirname "$0")/../prelude.sh"

echo 'char buf[16]; int main(void) { return buf[99]; }' >a.c
echo 'char buf[100] __attribute__((aligned(64)));' >b.c
gcc -fcommon -c a.c b.c
$CC a.o b.o -o m
./m
shows ' 100 OBJECT .* buf$' readelf -sW m
[ $((0x$(address m buf) % 64)) = 0 ]
sane m
