#!/bin/bash
# --oformat=elf64-x86-64 is the default by another name.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC m.c -Wl,--oformat=$BFD -o m
./m
