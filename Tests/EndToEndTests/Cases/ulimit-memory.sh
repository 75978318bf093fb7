#!/bin/bash
# A small link works within 400 MB of address space.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
(ulimit -v 400000; $CC m.o -o m)
./m
