#!/bin/bash
# A version script can hide what a program would export.
. "$(dirname "$0")/../prelude.sh"

echo '{ global: shown; local: *; };' >v.map
echo 'void shown(void) {} void hidden(void) {} int main(void) { return 0; }' >m.c
$CC -rdynamic m.c -Wl,--version-script=v.map -o m
./m
shows ' shown$' nm -D m
lacks ' hidden$' nm -D m
sane m
