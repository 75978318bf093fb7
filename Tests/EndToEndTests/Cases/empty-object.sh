#!/bin/bash
# A file of no bytes is no object and no error.
. "$(dirname "$0")/../prelude.sh"

: >empty.o
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o empty.o -o m
./m
