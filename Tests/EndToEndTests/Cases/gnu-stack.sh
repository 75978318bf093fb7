#!/bin/bash
# The stack is not executable; -z execstack makes it so.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC m.c -o m
shows 'GNU_STACK .* RW ' readelf -lW m
$CC m.c -Wl,-z,execstack -o m2
shows 'GNU_STACK .* RWE ' readelf -lW m2
$CC m.c -Wl,-z,execstack -Wl,-z,noexecstack -o m3
shows 'GNU_STACK .* RW ' readelf -lW m3
