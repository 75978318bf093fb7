#!/bin/bash
# .debug_macro groups of several units, which refer to each other.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

printf '#define SHARED 1\nint shared(void);\n' >f.h
printf '#include "f.h"\n#include <stdio.h>\nint shared(void) { return SHARED; }\n' >a.c
printf '#include "f.h"\n#include <stdio.h>\nint main(void) { return shared() - SHARED; }\n' >b.c
for version in 4 5; do
  $CC -g3 -gdwarf-$version a.c b.c -o m
  ./m
  gdb -batch -nx -ex 'break main' -ex run -ex 'info macro SHARED' m >out 2>&1
  grep -q 'define SHARED 1' out || fail "DWARF $version"
  sane m
done
