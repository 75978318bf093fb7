#!/bin/bash
# --pop-state brings back as-needed, whole-archive and static search.
. "$(dirname "$0")/../prelude.sh"

echo 'int s(void) { return 0; }' >s.c
echo 'int main(void) { return 0; }' >m.c
gcc -shared -fPIC s.c -o libs.so
gcc -shared -fPIC s.c -o libt.so
$CC m.c -Wl,--as-needed -Wl,--push-state,--no-as-needed ./libs.so -Wl,--pop-state ./libt.so -o m
shows 'NEEDED.*libs.so' readelf -d m
lacks 'NEEDED.*libt.so' readelf -d m
