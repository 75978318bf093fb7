#!/bin/bash
# .gdb_index lists units of types, and names in them lead there: one of each, for the others went with their
# COMDAT groups.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

printf 'namespace ns { struct Shared { int a; long b; struct In { char c; } in; enum class K { one }; K k;' >f.h
printf ' virtual int get() { return a; } }; }\n' >>f.h
printf '#include "f.h"\nint a() { ns::Shared s; s.a = 2; return s.get(); }\n' >a.cc
printf '#include "f.h"\nint a();\nint main() { ns::Shared s; s.a = -2; return a() + s.get(); }\n' >b.cc
for compiler in "$CXX" "$CLANGXX"; do
  for version in 4 5; do
    $compiler -g -gdwarf-$version -fdebug-types-section a.cc b.cc -Wl,--gdb-index -o m
    ./m
    readelf --debug-dump=gdb_index m >dump
    sed -n '/^TU table/,/^Address table/p' dump | grep -c '^\[' >units
    [ "$(cat units)" -ge 1 ] && [ "$(cat units)" -le 3 ]
    # (Where there are several units, each has a line of its own.)
    sed -n '/\] ns::Shared:/,/\] [^:]/p' dump | grep -qE 'T[0-9] \[global, type\]'
    shows '^\.gdb_index: version 8' gdb -batch -nx -ex 'maint print objfiles' m
    shows 'long b' gdb -batch -nx -ex 'ptype ns::Shared' m
    shows 'char c' gdb -batch -nx -ex 'ptype ns::Shared::In' m
    shows 'ns::Shared::K::one' gdb -batch -nx -ex 'print ns::Shared::K::one' m
    # What the table says of a unit is in the debug information.
    llvm-dwarfdump-19 --gdb-index --debug-info --debug-types m >dump
    grep -oE 'type_signature = 0x[0-9a-f]{16}$' dump | sort >listed
    [ -s listed ]
    grep -oE 'type_signature = 0x[0-9a-f]{16}, type' dump | sed 's/, type$//' | sort >there
    diff listed there
  done
done
