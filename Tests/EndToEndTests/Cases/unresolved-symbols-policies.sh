#!/bin/bash
# --unresolved-symbols=, --warn-unresolved-symbols and --noinhibit-exec.
. "$(dirname "$0")/../prelude.sh"

echo 'int missing(void); int main(int n, char **v) { return n > 5 ? missing() : 0; }' >m.c
gcc -fno-pie -c m.c
$CC -no-pie m.o -Wl,--unresolved-symbols=ignore-all -o m1
./m1
$CC -no-pie m.o -Wl,--warn-unresolved-symbols -o m2 2>err
./m2
grep -q 'missing' err
expect_fail $CC -no-pie m.o -Wl,--warn-unresolved-symbols -Wl,--error-unresolved-symbols -o m3
expect_fail $CC -no-pie m.o -Wl,--unresolved-symbols=report-all -o m3
