#!/bin/bash
# An output that is a link to a file is written or replaced, never lost.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
touch target
ln -s target m
$CC m.o -o m
./m
