#!/bin/bash
# An unknown -z keyword is a warning, and the link goes on.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -Wl,-z,sillykeyword -o m 2>err
grep -q sillykeyword err
./m
