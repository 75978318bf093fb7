#!/bin/bash
# --version prints the identification line first, before any input is opened.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
pattern='^swold-[0-9]+\.[0-9]+\.[0-9]+ \(compatible with GNU ld 2\.40\)$'
$SWOLD --version >out 2>err
[ ! -s err ]
sed 1q out | grep -E "$pattern"
shows "$pattern" $SWOLD --version no-such-file.o -lnothing -plugin /nowhere.so
shows "$pattern" $CC -Wl,--version
