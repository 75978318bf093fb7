#!/bin/bash
# A program exports its symbols with -E, and what a library refers to without it.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void); int g(void) { return f(); }' >l.c
echo 'int f(void) { return 0; } int other(void) { return 1; } int g(void); int main(void) { return g(); }' >m.c
gcc -shared -fPIC l.c -o libl.so
$CC m.c ./libl.so -o m1
$CC -rdynamic m.c ./libl.so -o m2
./m1
./m2
shows ' T f$' nm -D m1
lacks ' other$' nm -D m1
shows ' T other$' nm -D m2
sane m1 m2
