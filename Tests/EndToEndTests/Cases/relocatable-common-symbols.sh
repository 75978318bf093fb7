#!/bin/bash
# -r leaves common symbols common, with the largest size and alignment; -d gives them room.
# machines: x86_64 (sizes of x86-64 code)
. "$(dirname "$0")/../prelude.sh"

echo 'int c; int big[4]; int main(void) { return c + big[3]; }' >a.c
echo 'int c; int big[40]; int use(void) { return c + big[39]; }' >b.c
gcc -fcommon -c a.c b.c
$SWOLD -r a.o b.o -o ab.o
sane ab.o
shows '0{14}20 +160 OBJECT +GLOBAL DEFAULT +COM big' readelf -sW ab.o
shows '0{15}4 +4 OBJECT +GLOBAL DEFAULT +COM c' readelf -sW ab.o
$CC ab.o -o m
./m
$SWOLD -r -d a.o b.o -o ab.o
sane ab.o
lacks ' COM ' readelf -sW ab.o
shows " 160 OBJECT +GLOBAL DEFAULT +$(section ab.o .bss index) big" readelf -sW ab.o
[ $((0x$(address ab.o big) % 32)) = 0 ]
$CC ab.o -o m
./m
