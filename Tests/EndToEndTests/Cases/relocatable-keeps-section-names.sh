#!/bin/bash
# -r does not join .text.f and .text.g, so a later gc can split them.
. "$(dirname "$0")/../prelude.sh"

echo 'void dead(void) {} int main(void) { return 0; }' >m.c
gcc -ffunction-sections -c m.c
$CC -r m.o -o r.o
has_section r.o .text.dead
$CC -Wl,--gc-sections r.o -o m
./m
lacks ' dead$' nm m
