#!/bin/bash
# With split debug information .gdb_index has the names that compilers list in the object; if they list none
# there is no index, and a warning says why.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

printf 'namespace ns { int twice(int x) {\n return x * 2; } }\nextern int one;\n' >a.cc
printf 'int main() { return ns::twice(one) - 2; }\n' >>a.cc
echo 'int one = 1; struct S { int a; } s;' >b.cc
for compiler in "$CXX" "$CLANGXX"; do
  for version in 4 5; do
    $compiler -g -gdwarf-$version -gsplit-dwarf -ggnu-pubnames -c a.cc
    $compiler -g -gdwarf-$version -gsplit-dwarf -ggnu-pubnames -c b.cc
    $compiler a.o b.o -Wl,--gdb-index -o m
    ./m
    readelf --debug-dump=gdb_index m >dump
    grep -qE 'ns::twice: 0 \[global, function\]' dump
    grep -qE '\] one: 1 \[global, variable\]' dump
    shows '^\.gdb_index: version 8' gdb -batch -nx -ex 'maint print objfiles' m
    shows 'Line 1 of "a.cc"' gdb -batch -nx -ex 'info line ns::twice' m
    shows 'int a;' gdb -batch -nx -ex 'ptype S' m
    has_no_section m .debug_gnu_pubtypes
  done
done
clang++-19 -g -gsplit-dwarf -gno-gnu-pubnames -c a.cc b.cc
$CLANGXX a.o b.o -Wl,--gdb-index -o m 2>err
grep -qE 'a\.o:\(\.debug_info\): its names are in another file .* -ggnu-pubnames' err
[ "$(grep -c warning err)" = 1 ]
has_no_section m .gdb_index
