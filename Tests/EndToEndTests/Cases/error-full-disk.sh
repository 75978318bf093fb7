#!/bin/bash
# A full disk is an error, not a signal.
. "$(dirname "$0")/../prelude.sh"

echo 'char big[3000000] = {1}; int main(void) { return 0; }' >m.c
gcc -c m.c
expect_fail $SWOLD -shared m.o -o /dev/full
says 'No space left|/dev/full'
# A file system of one megabyte; only where mounting is allowed.
mkdir small
unshare -Urm true 2>/dev/null || exit 0
cat >inner.sh <<'END'
mount -t tmpfs -o size=1m none small || exit 0
code=0
"$1" -shared m.o -o small/out 2>err || code=$?
ls -A small >left
[ $code = 1 ]
[ -s err ]
[ ! -s left ]
END
unshare -Urm bash inner.sh "$SWOLD"
