#!/bin/bash
# Nothing is left in the folder of the output after an error.
. "$(dirname "$0")/../prelude.sh"

echo 'int missing(void); int main(void) { return missing(); }' >bad.c
gcc -c bad.c
mkdir out
expect_fail $CC bad.o -o out/m
[ -z "$(ls -A out)" ]
