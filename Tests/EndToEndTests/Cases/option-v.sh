#!/bin/bash
# -v prints the line, then links if there are inputs, and stops if there are none.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
$SWOLD -v </dev/null >out 2>err
grep -q GNU out
[ ! -s err ]
echo 'int main(void) { return 0; }' >m.c
shows '^swold-' $CC m.c -Wl,-v -o m
./m
$SWOLD -v --whole-archive </dev/null
code=0; $SWOLD -v --nonsense </dev/null >out 2>err || code=$?
[ $code = 1 ]
[ -s err ]
