#!/bin/bash
# Of two archives that define a symbol the first one named counts.
. "$(dirname "$0")/../prelude.sh"

echo 'int v(void) { return 1; }' >one.c
echo 'int v(void) { return 2; }' >two.c
echo 'int v(void); int main(void) { return v(); }' >m.c
gcc -c one.c two.c m.c
ar rcs lib1.a one.o
ar rcs lib2.a two.o
$CC m.o lib1.a lib2.a -o m12
$CC m.o lib2.a lib1.a -o m21
! ./m12 || fail "m12"
r=0; ./m12 || r=$?; [ $r = 1 ]
r=0; ./m21 || r=$?; [ $r = 2 ]
