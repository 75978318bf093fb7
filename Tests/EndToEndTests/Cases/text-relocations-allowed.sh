#!/bin/bash
# -z notext keeps absolute addresses in code and marks the file.
# machines: -riscv64 (no code has whole addresses)
. "$(dirname "$0")/../prelude.sh"

echo 'int ext = 5;' >l.c
echo 'extern int ext; int main(void) { return ext - 5; }' >m.c
gcc -shared -fPIC l.c -o libl.so
gcc $WHOLE_ADDRESSES -c m.c
$CC -pie -Wl,-z,notext m.o ./libl.so -o m 2>err
[ ! -s err ]
./m
shows 'TEXTREL' readelf -d m
