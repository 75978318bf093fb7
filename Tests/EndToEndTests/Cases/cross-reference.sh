#!/bin/bash
# --cref lists who defines each symbol and who refers to it.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
$CC m.o f.o -Wl,--cref -o m >table
./m
grep -q '^Cross Reference Table' table
# The definer comes first, then who refers to it, below each other.
grep -A1 -E '^f +f\.o$' table | grep -qE '^ +m\.o$'
$CC m.o f.o -Wl,--cref -Wl,-Map=m.map -o m >out
grep -q '^Cross Reference Table' m.map
