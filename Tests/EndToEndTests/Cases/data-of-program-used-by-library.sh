#!/bin/bash
# A variable of the program is exported because a library refers to it.
. "$(dirname "$0")/../prelude.sh"

echo 'extern int v; int get(void) { return v; }' >l.c
echo 'int v = 6; int get(void); int main(void) { v = 7; return get() != 7; }' >m.c
gcc -shared -fPIC l.c -o libl.so
$CC m.c ./libl.so -o m
./m
shows ' D v$' nm -D m
