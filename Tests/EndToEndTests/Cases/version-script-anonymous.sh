#!/bin/bash
# An anonymous script makes no versions, it only hides.
. "$(dirname "$0")/../prelude.sh"

echo '{ global: keep; local: *; };' >v.map
echo 'void keep(void){} void drop(void){}' >l.c
$CC -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
shows ' T keep$' nm -D libl.so
lacks 'drop' nm -D libl.so
lacks 'VERDEF' readelf -d libl.so
sane libl.so
