#!/bin/bash
# Type units are COMDAT groups of debug sections; one of each is kept.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

printf 'struct Shared { int a; long b; virtual int get() { return a; } };\n' >f.h
printf '#include "f.h"\nint a() { Shared s; s.a = 2; return s.get(); }\n' >a.cc
printf '#include "f.h"\nint a();\nint main() { Shared s; s.a = -2; return a() + s.get(); }\n' >b.cc
for version in 4 5; do
  $CXX -g -gdwarf-$version -fdebug-types-section a.cc b.cc -o m
  ./m
  llvm-dwarfdump-19 --debug-types --debug-info m >dump
  [ "$(grep -c 'DW_AT_name.*"Shared"' dump)" -ge 1 ]
  [ "$(grep -c 'type_signature = .* name = .*Shared' dump)" -le 1 ]
  shows 'long b' gdb -batch -nx -ex 'ptype Shared' m
  sane m
done
