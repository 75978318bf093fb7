#!/bin/bash
# A program notes the versions that it needs of each library.
. "$(dirname "$0")/../prelude.sh"

echo 'int a(void) { return 1; } int b(void) { return 2; }' >l.c
echo 'V1 { a; }; V2 { b; };' >v.map
echo 'int a(void); int b(void); int main(void) { return a() + b() != 3; }' >m.c
gcc -shared -fPIC l.c -Wl,--version-script=v.map -Wl,-soname,libl.so -o libl.so
$CC m.c libl.so -Wl,-rpath,"$PWD" -o m
./m
readelf -VW m >versions
grep -q 'File: libl.so' versions
grep -q 'Name: V1 ' versions
grep -q 'Name: V2 ' versions
sane m
