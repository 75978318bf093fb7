#!/bin/bash
# A thread-local reference to an ordinary variable is an error.
. "$(dirname "$0")/../prelude.sh"

echo 'int v = 1;' >a.c
echo 'extern __thread int v; int main(void) { return v; }' >b.c
gcc -c a.c b.c
expect_fail $CC a.o b.o -o m
says 'v'
