#!/bin/bash
# The output may have the longest name that the file system allows; left-over files do not matter.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >m.c
gcc -c m.c
name=$(printf 'n%.0s' $(seq 255))
$SWOLD -shared m.o -o "$name"
[ -s "$name" ]
shows DYN readelf -hW "$name"
