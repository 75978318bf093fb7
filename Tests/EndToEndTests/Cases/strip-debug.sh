#!/bin/bash
# -S drops the debug sections and keeps the symbols.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; } int main(void) { return f(); }' >m.c
for option in -S --strip-debug; do
  $CC -g m.c -Wl,$option -o m
  ./m
  lacks ' \.debug_' readelf -SW m
  shows ' f$' nm m
done
sane m
