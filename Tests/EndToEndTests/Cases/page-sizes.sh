#!/bin/bash
# -z max-page-size sets the alignment of the segments.
. "$(dirname "$0")/../prelude.sh"

echo 'int data = 1; int main(void) { return data - 1; }' >m.c
$CC m.c -Wl,-z,max-page-size=0x10000 -o m
./m
shows '^ *LOAD .* 0x10000$' readelf -lW m
lacks '^ *LOAD .* 0x1000$' readelf -lW m
sane m
