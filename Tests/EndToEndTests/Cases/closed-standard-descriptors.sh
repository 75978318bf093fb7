#!/bin/bash
# With standard descriptors closed, messages do not end up in the files that get their numbers.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$SWOLD -shared m.o -o reference
$SWOLD -shared m.o --trace -o out <&- >&- 2>&-
cmp out reference
echo 'int f(void); int main(void) { return f(); }' >bad.c
gcc -c bad.c
echo old >out
code=0
$SWOLD -no-pie bad.o -o out <&- >&- 2>&- || code=$?
[ $code = 1 ]
[ "$(cat out)" = old ]
