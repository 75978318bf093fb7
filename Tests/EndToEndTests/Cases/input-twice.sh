#!/bin/bash
# An object given twice is an error, a library given twice is not.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
ar rcs libf.a f.o
$CC m.o libf.a libf.a -o m
./m
expect_fail $CC m.o f.o f.o -o n
says 'f'
