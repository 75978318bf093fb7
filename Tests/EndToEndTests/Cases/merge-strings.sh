#!/bin/bash
# Equal literals of several objects become one.
. "$(dirname "$0")/../prelude.sh"

echo 'const char *a(void) { return "one-literal"; }' >a.c
echo '#include <string.h>
const char *a(void); int main(void) { return strcmp(a(), "one-literal"); }' >b.c
$CC -O2 a.c b.c -o m
./m
[ "$(grep -c 'one-literal' <(strings -a m))" = 1 ]
sane m
