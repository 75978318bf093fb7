#!/bin/bash
# A library that is not there is named in the error.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
expect_fail $CC m.o -lnosuchthing -o m
says 'nosuchthing'
[ ! -e m ]
