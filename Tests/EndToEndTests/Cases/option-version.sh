#!/bin/bash
# --version prints the identification line first, before any input is opened.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
pattern='^swold-[0-9]+\.[0-9]+\.[0-9]+ \(compatible with GNU ld 2\.40\)$'
$SWOLD --version >out 2>err
[ ! -s err ]
head -1 out | grep -qE "$pattern"
$SWOLD --version no-such-file.o -lnothing -plugin /nowhere.so | head -1 | grep -qE "$pattern"
$CC -Wl,--version 2>/dev/null | head -1 | grep -qE "$pattern"
