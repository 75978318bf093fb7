#!/bin/bash
# --warn-textrel and --warn-rwx-segments tell about dangerous outputs, if asked.
# machines: x86_64 (code models of x86-64)
. "$(dirname "$0")/../prelude.sh"

echo 'int ext = 5; int main(void) { return ext - 5; }' >m.c
gcc -fno-pic -mcmodel=large -c m.c
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
