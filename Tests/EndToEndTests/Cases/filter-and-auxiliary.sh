#!/bin/bash
# -F and -f write DT_FILTER and DT_AUXILIARY.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >l.c
$CC -shared -fPIC l.c -Wl,-F,libreal.so -o a.so
shows '\(FILTER\).*libreal.so' readelf -d a.so
$CC -shared -fPIC l.c -Wl,-f,libmore.so -o b.so
shows '\(AUXILIARY\).*libmore.so' readelf -d b.so
