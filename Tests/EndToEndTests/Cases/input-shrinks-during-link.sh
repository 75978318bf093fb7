#!/bin/bash
# An input that becomes shorter while it is linked is named, and the old output stays.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
# The linker waits for the pipe after it has mapped the object.
cat >m.s <<'END'
.globl _start
_start: ret
.data
.space 4000000, 1
END
as m.s -o m.o
mkfifo pipe
mkdir out
echo old >out/m
$SWOLD m.o --version-script=pipe -o out/m 2>message &
linker=$!
exec 9>pipe  # returns when the linker has opened it
truncate -s 1000 m.o
echo '{ local: *; };' >&9
exec 9>&-
code=0
wait $linker || code=$?
cat message
[ $code = 1 ] || fail "exit code $code"
grep -q 'm\.o' message || fail "the file is not named"
[ "$(cat out/m)" = old ] && [ "$(ls -A out)" = m ] || fail "the old output was touched"
