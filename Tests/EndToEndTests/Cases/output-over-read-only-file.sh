#!/bin/bash
# An old output without write permission is replaced.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -o m
chmod 555 m
$CC m.o -o m
./m
[ -x m ]
