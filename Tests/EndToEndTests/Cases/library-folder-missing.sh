#!/bin/bash
# A -L folder that does not exist is no reason for a warning.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -L/no/such/folder -Wl,--fatal-warnings -o m 2>err
[ ! -s err ]
