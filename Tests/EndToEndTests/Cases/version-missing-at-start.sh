#!/bin/bash
# A program does not start with a library that lacks the needed version.
. "$(dirname "$0")/../prelude.sh"

echo 'int a(void) { return 0; }' >l.c
echo 'V1 { a; };' >v.map
echo 'int a(void); int main(void) { return a(); }' >m.c
gcc -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
$CC m.c ./libl.so -o m
./m
sed -i s/V1/V9/ v.map
gcc -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
! ./m 2>err || fail "started"
grep -q "version .V1. not found" err
