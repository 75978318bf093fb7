#!/bin/bash
# Two strong definitions are an error that names symbol and both files.
. "$(dirname "$0")/../prelude.sh"

echo 'int twice(void) { return 1; } int main(void) { return 0; }' >a.c
echo 'int twice(void) { return 2; }' >b.c
gcc -g -c a.c b.c
expect_fail $CC a.o b.o -o m
says 'twice'
says 'a\.[oc]'
says 'b\.[oc]'
[ ! -e m ]
