#!/bin/bash
# An ordinary reference to a thread-local variable is an error that names both files.
. "$(dirname "$0")/../prelude.sh"

echo '__thread int v = 1;' >a.c
echo 'extern int v; int main(void) { return v; }' >b.c
gcc -c a.c b.c
expect_fail $CC a.o b.o -o m
says 'v is thread-local in a\.o, but not in b\.o'
