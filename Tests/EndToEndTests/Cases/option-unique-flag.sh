#!/bin/bash
# --unique is a flag: it does not take the next argument.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC -Wl,--unique m.o -o m
./m
