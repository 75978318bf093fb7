#!/bin/bash
# -plugin and -plugin-opt do no harm when no input needs the plugin.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
$CC m.o -Wl,-plugin,/no/such/plugin.so -Wl,-plugin-opt=anything -Wl,-plugin-opt=-pass-through=-lc -o m 2>err
./m
[ ! -s err ]
