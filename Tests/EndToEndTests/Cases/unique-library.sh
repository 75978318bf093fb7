#!/bin/bash
# -z unique sets DF_GNU_1_UNIQUE.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >l.c
$CC -shared -fPIC l.c -Wl,-z,unique -o l.so
shows '\(GNU_FLAGS_1\)|6ffffdf4' readelf -dW l.so
$CC -shared -fPIC l.c -o plain.so
lacks '\(GNU_FLAGS_1\)|6ffffdf4' readelf -dW plain.so
