#!/bin/bash
# A definition takes the place of a common symbol.
. "$(dirname "$0")/../prelude.sh"

echo 'int z; int main(void) { return z - 5; }' >a.c
echo 'int z = 5;' >b.c
gcc -fcommon -c a.c
gcc -fno-common -c b.c
$CC a.o b.o -o m1
$CC b.o a.o -o m2
./m1
./m2
