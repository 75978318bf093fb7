#!/bin/bash
# A debug section that points into a dropped group gets a tombstone.
. "$(dirname "$0")/../prelude.sh"

printf 'template <class T> int twice(T x) { return x + x; }\n' >f.h
printf '#include "f.h"\nint a() { return twice(1); }\n' >a.cc
printf '#include "f.h"\nint a();\nint main() { return a() + twice(2) != 6; }\n' >b.cc
$CXX -g -gdwarf-4 -O0 a.cc b.cc -o m
./m
# Two units describe twice<int>; only one of the two may claim the address of the copy that is kept.
llvm-dwarfdump-19 --debug-info m | grep -A9 DW_TAG_subprogram | grep -o 'low_pc.*(0x[0-9a-f]*)' |
  grep -v '(0x0*)' | sort >starts
grep -q "$(address m _Z5twiceIiET_S0_)" starts
[ -z "$(uniq -d starts)" ]
sane m
