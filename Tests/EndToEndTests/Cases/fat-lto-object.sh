#!/bin/bash
# A gcc object with both GIMPLE and machine code links as machine code without -flto.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -flto -ffat-lto-objects -c f.c
gcc -c m.c
# -fno-lto keeps gcc from passing its plugin to a linker that would use it.
$CC -fno-lto m.o f.o -o m
./m
lacks 'gnu\.lto_' readelf -SW m
