#!/bin/bash
# Options of ARM that ask for what swold does not do: a warning says so, for most who give them can do without.
# Those that decline it are silent.
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: exit 0\n' | as -o m.o
while read -r option text; do
  $SWOLD $option m.o -o m 2>err
  grep -qxF "swold: warning: $option has no effect in swold: $text" err || { cat err; fail "$option"; }
  expect_fail $SWOLD $option --fatal-warnings m.o -o n
done <<'END'
--vfp11-denorm-fix=scalar the erratum of the VFP11 is not avoided
END
$SWOLD --vfp11-denorm-fix=none m.o -o m 2>err
[ ! -s err ]
./m
expect_fail $SWOLD --vfp11-denorm-fix=both m.o -o n
says 'none, scalar, vector'
