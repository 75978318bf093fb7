#!/bin/bash
# PT_PHDR comes first, then PT_INTERP, before all loadable segments.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC m.c -o m
./m
readelf -lW m | sed -n '/^Program Headers/,/^$/p' | grep 0x | awk '{ print $1 }' >kinds
[ "$(head -2 kinds | tr '\n' ' ')" = "PHDR INTERP " ]
[ "$(grep -c PHDR kinds)" = 1 ]
