#!/bin/bash
# A library that only satisfies weak references is dropped by --as-needed.
. "$(dirname "$0")/../prelude.sh"

echo 'int s(void) { return 0; }' >s.c
echo '__attribute__((weak)) int s(void); int main(void) { return s ? s() : 0; }' >m.c
gcc -shared -fPIC s.c -o libs.so
$CC m.c -Wl,--as-needed ./libs.so -o m
lacks 'NEEDED.*libs.so' readelf -d m
./m
