#!/bin/bash
# The DWARF of a program of several units verifies.
. "$(dirname "$0")/../prelude.sh"

echo 'static int one(void) { return 1; } int a(void) { return one(); }' >a.c
cat >b.cc <<'END'
extern "C" int a(void);
namespace { struct S { int n; int get() const; }; int S::get() const { return n; } }
int main() { S s{a()}; return s.get() != 1; }
END
for version in 4 5; do
  gcc -g -gdwarf-$version -c a.c
  $CXX -g -gdwarf-$version a.o b.cc -o m
  ./m
  llvm-dwarfdump-19 --verify m
  sane m
done
