#!/bin/bash
# A symbol of a library's library is not found without naming it.
. "$(dirname "$0")/../prelude.sh"

echo 'int deep(void) { return 0; }' >deep.c
echo 'int deep(void); int mid(void) { return deep(); }' >mid.c
echo 'int deep(void); int mid(void); int main(void) { return mid() + deep(); }' >m.c
gcc -shared -fPIC deep.c -o libdeep.so
gcc -shared -fPIC mid.c -L. -ldeep -Wl,-rpath,"$PWD" -o libmid.so
gcc -c m.c
expect_fail $CC m.o ./libmid.so -o m
says 'deep'
$CC m.o ./libmid.so ./libdeep.so -o m
./m
