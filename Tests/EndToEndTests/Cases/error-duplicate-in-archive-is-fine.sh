#!/bin/bash
# A second definition in an archive member that is not loaded is no error.
. "$(dirname "$0")/../prelude.sh"

echo 'int v(void) { return 1; }' >a.c
echo 'int v(void) { return 2; }' >b.c
echo 'int v(void); int main(void) { return v() - 1; }' >m.c
gcc -c a.c b.c m.c
ar rcs libb.a b.o
$CC m.o a.o libb.a -o m
./m
