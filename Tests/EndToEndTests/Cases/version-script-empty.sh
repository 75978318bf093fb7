#!/bin/bash
# An empty version script changes nothing.
. "$(dirname "$0")/../prelude.sh"

: >v.map
echo 'void keep(void){}' >l.c
$CC -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
shows ' T keep$' nm -D libl.so
