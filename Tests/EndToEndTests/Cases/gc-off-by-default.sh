#!/bin/bash
# Without --gc-sections, and with --no-gc-sections after it, nothing is dropped.
. "$(dirname "$0")/../prelude.sh"

echo 'void dead(void) {} int main(void) { return 0; }' >m.c
$CC -ffunction-sections m.c -o m1
$CC -ffunction-sections m.c -Wl,--gc-sections -Wl,--no-gc-sections -o m2
shows ' dead$' nm m1
shows ' dead$' nm m2
