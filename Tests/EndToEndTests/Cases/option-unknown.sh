#!/bin/bash
# An unknown option is an error with the nearest known name.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
expect_fail $SWOLD --nonsense m.o -o m
says 'swold: error: unknown option.*--nonsense'
expect_fail $SWOLD --as-neded m.o -o m
says '--as-needed'
[ ! -e m ]
