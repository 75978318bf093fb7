#!/bin/bash
# --execute-only: code is loaded without the right to read it, as with mold and lld; read-only data among
# it is an error.
# machines: x86_64 aarch64 (others do not map such code)
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -Wl,--execute-only -o m && ./m
shows 'LOAD .* 0x[0-9a-f]+ +E 0x' readelf -lW m
lacks 'LOAD .* R E ' readelf -lW m
$CC m.o -Wl,--execute-only,--no-execute-only -o m
shows 'LOAD .* R E ' readelf -lW m
expect_fail $CC m.o -Wl,--execute-only,--no-rosegment -o no
says 'is read, and lies in a segment of code'
