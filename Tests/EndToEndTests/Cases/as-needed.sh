#!/bin/bash
# --as-needed drops a library that nothing uses; --no-as-needed keeps it.
. "$(dirname "$0")/../prelude.sh"

echo 'int s(void) { return 0; }' >s.c
echo 'int t(void) { return 0; }' >t.c
echo 'int s(void); int main(void) { return s(); }' >m.c
gcc -shared -fPIC s.c -o libs.so
gcc -shared -fPIC t.c -o libt.so
$CC m.c -Wl,--as-needed ./libs.so ./libt.so -o m
shows 'NEEDED.*libs.so' readelf -d m
lacks 'NEEDED.*libt.so' readelf -d m
$CC m.c -Wl,--no-as-needed ./libs.so ./libt.so -o m2
shows 'NEEDED.*libt.so' readelf -d m2
