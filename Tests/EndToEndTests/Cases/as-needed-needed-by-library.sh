#!/bin/bash
# A reference from another shared object does not make a library needed.
. "$(dirname "$0")/../prelude.sh"

echo 'int s(void) { return 0; }' >s.c
echo 'int s(void); int t(void) { return s(); }' >t.c
echo 'int t(void); int main(void) { return t(); }' >m.c
gcc -shared -fPIC s.c -o libs.so -Wl,-soname,libs.so
gcc -shared -fPIC t.c -o libt.so -L. -ls -Wl,-rpath,"$PWD"
$CC m.c -Wl,--as-needed ./libt.so ./libs.so -o m
shows 'NEEDED.*libt.so' readelf -d m
lacks 'NEEDED.*libs.so' readelf -d m
./m
