#!/bin/bash
# A common symbol does not load a member that defines it.
. "$(dirname "$0")/../prelude.sh"

echo 'int z; int main(void) { return z; }' >m.c
echo 'int z = 5;' >z.c
gcc -fcommon -c m.c
gcc -c z.c
ar rcs libz.a z.o
$CC m.o -o alone
./alone
$CC m.o libz.a -o m
r=0; ./m || r=$?
[ $r = 0 ] || [ $r = 5 ]
