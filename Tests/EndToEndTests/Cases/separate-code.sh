#!/bin/bash
# Code shares its pages with nothing else; -z noseparate-code gives that up.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC m.c -Wl,-z,separate-code -o m
./m
readelf -lW m | awk '$1 == "LOAD" && $7 == "R" && $8 == "E" { print $3 }' >code
[ $(($(cat code) % 4096)) = 0 ]
$CC m.c -Wl,-z,noseparate-code -o m2
./m2
sane m m2
