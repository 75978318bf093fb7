#!/bin/bash
# Without -g the message still names file, section and function.
. "$(dirname "$0")/../prelude.sh"

echo 'int missing(void); int caller(void) { return missing(); } int main(void) { return caller(); }' >m.c
gcc -c m.c
expect_fail $CC m.o -o m
says 'undefined.*missing'
says 'm\.o'
says '\.text'
says 'caller'
