#!/bin/bash
# .comment says which linker made the file and keeps the compiler's line once.
. "$(dirname "$0")/../prelude.sh"

printf 'int main(void) { return 0; }\n' >a.c
printf 'int other;\n' >b.c
$CC a.c b.c -o h
linked_by_swold h
[ "$(count 'GCC: ' readelf -p .comment h)" = 1 ]
