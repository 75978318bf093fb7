#!/bin/bash
# A library that may be mapped is replaced by a new file.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'int f(void) { return 0; }' >f.c
gcc -fPIC -c f.c
$CC -shared f.o -o f.so
exec 8<f.so
before=$(sha256sum <f.so)
gcc -fPIC -O2 -DX -x c -c - -o g.o <<<'int f(void) { return 1; } int g[50] = {1};'
$CC -shared g.o -o f.so
[ "$(sha256sum <&8)" = "$before" ]
