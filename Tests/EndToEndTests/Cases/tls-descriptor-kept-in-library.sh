#!/bin/bash
# TLSDESC code in a shared object keeps its descriptor relocation.
# machines: -riscv64 (this compiler makes no descriptors)
. "$(dirname "$0")/../prelude.sh"

echo '__thread int x = 3; static __thread int y; int f(void) { return x + y; }' >l.c
echo 'int f(void); int main(void) { return f() - 3; }' >m.c
$CC -O2 -shared -fPIC ${TLS_DIALECTS##* } l.c -o l.so
shows "$R_TLSDESC" readelf -rW l.so
lacks 'DTPMOD64' readelf -rW l.so
$CC m.c ./l.so -o m
./m
sane l.so
