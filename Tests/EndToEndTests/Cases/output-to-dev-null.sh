#!/bin/bash
# -o /dev/null leaves the device alone.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$SWOLD -shared m.o -o /dev/null
[ -c /dev/null ]
