#!/bin/bash
# -o - writes the output to standard output.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'int f(void) { return 0; }' >f.c
gcc -fPIC -c f.c
$SWOLD -shared f.o -o f.so
$SWOLD -shared f.o -o - >piped.so
cmp f.so piped.so
$SWOLD -shared f.o -o - | cat >piped2.so
cmp f.so piped2.so
