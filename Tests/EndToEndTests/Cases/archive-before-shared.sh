#!/bin/bash
# An archive named first wins over a later shared object, and the reverse.
. "$(dirname "$0")/../prelude.sh"

echo 'int v(void) { return 1; }' >one.c
echo 'int v(void) { return 2; }' >two.c
echo 'int v(void); int main(void) { return v(); }' >m.c
gcc -c one.c m.c
ar rcs lib1.a one.o
gcc -shared -fPIC two.c -o lib2.so
$CC m.o lib1.a ./lib2.so -o m12
$CC m.o ./lib2.so lib1.a -o m21
r=0; ./m12 || r=$?; [ $r = 1 ]
r=0; ./m21 || r=$?; [ $r = 2 ]
