#!/bin/bash
# Debug sections are no roots and no victims.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int dead(int x) { return x + 1; }
int alive(int x) { return x + 2; }
int main(void) { return alive(-2); }
END
$CC -g -ffunction-sections -Wl,--gc-sections m.c -o m
./m
lacks ' dead$' nm m
has_section m .debug_info
llvm-dwarfdump-19 --verify m
sane m
