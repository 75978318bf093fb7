#!/bin/bash
# A large zero array does not grow the file.
. "$(dirname "$0")/../prelude.sh"

echo 'char zero[100000000]; int main(void) { return zero[99999999]; }' >m.c
$CC m.c -o m
./m
[ "$(stat -c %s m)" -lt 1000000 ]
[ "$(section m .bss type)" = NOBITS ]
sane m
