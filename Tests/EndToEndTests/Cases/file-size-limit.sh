#!/bin/bash
# A limit on file size (ulimit -f) is an error like a full disk, not a signal.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
printf '.globl _start\n_start: ret\n.data\n.space 4000000, 1\n' >m.s
as m.s -o m.o
mkdir out
echo old >out/m
(ulimit -f 1000; expect_fail $SWOLD m.o -o out/m; says 'out/m')
[ "$(cat out/m)" = old ] && [ "$(ls -A out)" = m ]
