#!/bin/bash
# Only the symbols in the file stay in the symbol table.
. "$(dirname "$0")/../prelude.sh"

echo 'int keep(void) { return 0; } int drop(void) { return 0; } int main(void) { return keep() + drop(); }' >m.c
printf 'keep\nmain\n' >list
$CC m.c -Wl,--retain-symbols-file=list -o m
./m
shows ' keep$' nm m
lacks ' drop$' nm m
