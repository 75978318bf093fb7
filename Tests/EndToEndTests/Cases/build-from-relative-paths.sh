#!/bin/bash
# Inputs and output given by paths with dots and links.
. "$(dirname "$0")/../prelude.sh"

mkdir -p a/b c
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c -o a/b/m.o
ln -s a/b link
$CC ./a/../a/b/./m.o -o ./c/../c/m
./c/m
$CC link/m.o -o c/n
cmp c/m c/n
