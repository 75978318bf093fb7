#!/bin/bash
# A dropped function leaves no early end in .debug_ranges (DWARF 4).
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int dead(int x) { return x + 1; }
int alive(int x) { return x + 2; }
int main(void) { return alive(-2); }
END
$CC -g -gdwarf-4 -ffunction-sections m.c -Wl,--gc-sections -o m
# The list of the unit still reaches main, so addr2line knows it.
shows 'm\.c:3' addr2line -e m "0x$(address m main)"
shows 'm\.c:2' addr2line -e m "0x$(address m alive)"
