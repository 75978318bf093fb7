#!/bin/bash
# Comments in the middle of a line and quoted names.
. "$(dirname "$0")/../prelude.sh"

mkdir 'a b'
echo 'int s(void) { return 0; }' >s.c
echo 'int s(void); int main(void) { return s(); }' >m.c
gcc -c s.c -o 'a b/s.o'
gcc -c m.c
printf 'INPUT /* one */ ( "a b/s.o" /* two\nlines */ )\n' >in.ld
$CC m.o in.ld -o m
./m
