#!/bin/bash
# --undefined-glob pulls the archive members that define what matches.
. "$(dirname "$0")/../prelude.sh"

echo 'int plugin_one(void) { return 1; }' >a.c
echo 'int plugin_two(void) { return 2; }' >b.c
echo 'int other(void) { return 3; }' >c.c
echo 'int main(void) { return 0; }' >m.c
gcc -c a.c b.c c.c m.c
ar rcs liball.a a.o b.o c.o
$CC m.o liball.a -Wl,--undefined-glob='plugin_*' -Wl,--gc-sections -o m
./m
shows ' plugin_one$' nm m
shows ' plugin_two$' nm m
lacks ' other$' nm m
