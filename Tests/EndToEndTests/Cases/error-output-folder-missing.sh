#!/bin/bash
# An output in a folder that is not there is an error.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
expect_fail $CC m.o -o nowhere/m
says 'nowhere/m'
