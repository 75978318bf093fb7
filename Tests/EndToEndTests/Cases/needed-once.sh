#!/bin/bash
# A library that is named several times is needed once.
. "$(dirname "$0")/../prelude.sh"

echo 'int s(void) { return 0; }' >s.c
echo 'int s(void); int main(void) { return s(); }' >m.c
gcc -shared -fPIC s.c -o libs.so -Wl,-soname,libs.so
$CC m.c -L. -ls -ls ./libs.so -Wl,-rpath,"$PWD" -o m
[ "$(count 'NEEDED.*libs.so' readelf -d m)" = 1 ]
./m
