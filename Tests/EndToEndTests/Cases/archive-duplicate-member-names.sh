#!/bin/bash
# Two members of one name are two members.
. "$(dirname "$0")/../prelude.sh"

echo 'int a(void) { return 1; }' >a.c
echo 'int b(void) { return 2; }' >b.c
echo 'int a(void); int b(void); int main(void) { return a() + b() != 3; }' >m.c
gcc -c a.c -o same.o
ar qc lib.a same.o
gcc -c b.c -o same.o
ar q lib.a same.o
$CC m.c lib.a -o m
./m
