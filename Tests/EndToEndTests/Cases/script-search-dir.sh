#!/bin/bash
# SEARCH_DIR in a script adds a folder for the libraries after it.
. "$(dirname "$0")/../prelude.sh"

mkdir d
echo 'int s(void) { return 0; }' >s.c
echo 'int s(void); int main(void) { return s(); }' >m.c
gcc -c s.c m.c
ar rcs d/libs.a s.o
echo "SEARCH_DIR(\"$PWD/d\") INPUT(-ls)" >in.ld
$CC m.o in.ld -o m
./m
