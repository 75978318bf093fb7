#!/bin/bash
# What .gdb_index does beside other options: stripping leaves it out, compression leaves it alone, an
# index of an input does not get into the output.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(int a) { return a; } int main(void) { return f(0); }' >a.c
$CC -g -c a.c
for option in -s -S --no-gdb-index; do
  $CC a.o -Wl,--gdb-index,$option -o m
  has_no_section m .gdb_index
done
$CC a.o -Wl,--gdb-index,--compress-debug-sections=zlib,--compress-sections='*=zlib' -o m
readelf --debug-dump=gdb_index m 2>/dev/null >dump
grep -q '\] main: 0 \[global, function\]' dump
[[ $(section m .gdb_index flags) != *C* ]]
[[ $(section m .debug_info flags) == *C* ]]
# An object gets its index with the program.
$SWOLD -m "$EMULATION" -r --gdb-index a.o -o r.o 2>err
grep -q 'warning: --gdb-index has no effect with -r' err
has_no_section r.o .gdb_index
$CC r.o -Wl,--gdb-index -o m
has_section m .gdb_index
head -c 100 /dev/urandom >old
objcopy --add-section .gdb_index=old a.o b.o
$CC b.o -Wl,--gdb-index -o m2
cmp m m2
# No debug information, no index.
echo 'int main(void) { return 0; }' >n.c
$CC n.c -Wl,--gdb-index -o m
has_no_section m .gdb_index
