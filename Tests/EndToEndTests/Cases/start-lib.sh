#!/bin/bash
# Objects between --start-lib and --end-lib are loaded like archive members.
. "$(dirname "$0")/../prelude.sh"

echo 'int used(void) { return 0; }' >used.c
echo 'int unused(void) { return 0; }' >unused.c
echo 'int used(void); int main(void) { return used(); }' >m.c
gcc -c used.c unused.c m.c
$CC m.o -Wl,--start-lib used.o unused.o -Wl,--end-lib -o m
./m
shows ' T used$' nm m
lacks ' unused$' nm m
