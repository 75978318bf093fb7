#!/bin/bash
# --stats and --perf print something and do not change the output.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -o plain
$CC m.o -Wl,--stats -o m >stats 2>&1
$CC m.o -Wl,--perf -o p >perf 2>&1
cmp plain m
cmp plain p
[ -s stats ]
[ -s perf ]
