#!/bin/bash
# --warn-textrel and --warn-rwx-segments tell about dangerous outputs, if asked.
# machines: -riscv64 (no code has whole addresses)
. "$(dirname "$0")/../prelude.sh"

echo 'int ext = 5; int main(void) { return ext - 5; }' >m.c
gcc $WHOLE_ADDRESSES -c m.c
$CC -pie -Wl,-z,notext m.o -o quiet 2>err
[ ! -s err ]
$CC -pie -Wl,-z,notext,--warn-textrel m.o -o m 2>err
grep -q 'm.*read-only sections' err
$CC -no-pie -static -Wl,-N m.o -o quiet 2>err
[ ! -s err ]
$CC -no-pie -static -Wl,-N,--warn-rwx-segments m.o -o m 2>err
grep -q 'writable and executable' err
expect_fail $CC -no-pie -static -Wl,-N,--warn-rwx-segments,--fatal-warnings m.o -o f
[ ! -e f ]
