#!/bin/bash
# gcc's PIE code reads a library's variable directly too.
# machines: x86_64 (the compiler's PIE code asks the GOT elsewhere)
. "$(dirname "$0")/../prelude.sh"

echo 'int v[3] = {1, 2, 3};' >l.c
echo 'extern int v[3]; int main(void) { return v[2] - 3; }' >m.c
gcc -shared -fPIC l.c -o libl.so
gcc -O2 -fPIE -mno-direct-extern-access -c m.c -o got.o 2>/dev/null || gcc -O2 -fPIC -c m.c -o got.o
gcc -O2 -fPIE -c m.c -o direct.o
$CC -pie direct.o ./libl.so -o direct
$CC -pie got.o ./libl.so -o got
./direct
./got
shows "${R}COPY" readelf -rW direct
lacks "${R}COPY" readelf -rW got
sane direct got
