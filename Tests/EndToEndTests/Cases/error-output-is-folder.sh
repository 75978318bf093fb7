#!/bin/bash
# An output that is a folder is an error and leaves it alone.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
mkdir m
touch m/inside
expect_fail $CC m.o -o m
[ -e m/inside ]
