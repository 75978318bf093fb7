#!/bin/bash
# The message names archive and member.
. "$(dirname "$0")/../prelude.sh"

echo 'int missing(void); int f(void) { return missing(); }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
ar rcs libf.a f.o
expect_fail $CC m.o libf.a -o m
says 'libf\.a'
says 'f\.o'
