#!/bin/bash
# -z stack-size= sets the size of PT_GNU_STACK.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC m.c -Wl,-z,stack-size=0x200000 -o m
./m
shows 'GNU_STACK .* 0x200000 RW ' readelf -lW m
