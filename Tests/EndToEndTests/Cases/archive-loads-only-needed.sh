#!/bin/bash
# A member that nothing needs stays out, even if it would not link.
. "$(dirname "$0")/../prelude.sh"

echo 'int used(void) { return 0; }' >used.c
echo 'int nowhere(void); int unused(void) { return nowhere(); }' >unused.c
echo 'int used(void); int main(void) { return used(); }' >m.c
gcc -c used.c unused.c m.c
ar rcs lib.a unused.o used.o
$CC m.o lib.a -o m
./m
lacks 'unused|nowhere' nm m
