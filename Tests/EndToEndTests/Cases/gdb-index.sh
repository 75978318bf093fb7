#!/bin/bash
# --gdb-index: gdb takes names and addresses from .gdb_index, whatever the version and form of the debug
# information, and finds what it finds without.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

cat >a.cc <<'END'
namespace ns {
struct S { static int count; enum K { k1, k2 }; int m(int); struct Inner { int z; }; };
int S::count = 3;
int S::m(int a) { return a + count; }
enum class E { e1, e2 };
E state = E::e2;
namespace { int hidden() { return 5; } }
int call() { return hidden(); }
}
template <class T> struct V { T v; T get() { return v; } };
V<unsigned long> value;
extern "C" int helper(int);
int main() {
  ns::S s;
  ns::S::Inner i{2};
  return s.m(1) + i.z + ns::call() + helper(4) + (int)ns::state + (int)value.get() - 17;
}
END
cat >b.c <<'END'
struct pair { int a; };
enum colour { red, green };
typedef struct pair pair_t;
static enum colour chosen = green;
pair_t shared;
static int twice(int a) {
  return a + chosen;
}
int helper(int a) { return twice(a) + shared.a; }
END
echo 'int unrelated(int a) { return a; }' >c.c
asked=(-ex 'break ns::S::m' -ex 'break twice' -ex 'print ns::S::count' -ex 'ptype ns::S::Inner'
  -ex 'print ns::E::e1' -ex 'print ns::S::k2' -ex 'list helper' -ex 'info functions hidden'
  -ex 'whatis value' -ex 'ptype V<unsigned long>' -ex 'print red' -ex 'whatis (pair_t)shared')
large=-gdwarf64
[ "$MACHINE" = x86_64 ] || large=-g
for options in -gdwarf-3 -gdwarf-4 -gdwarf-5 $large -ggnu-pubnames '-gz -ffunction-sections'; do
  for compiler in gcc clang; do
    if [ $compiler = gcc ]; then c=gcc cxx=$CXX; else c=clang-19 cxx=$CLANGXX; fi
    $c -g $options -c b.c c.c
    $cxx -g $options -c a.cc
    $cxx $options a.o b.o c.o -o plain
    $cxx $options a.o b.o c.o -Wl,--gdb-index -Wl,--threads=1 -o one
    $cxx $options a.o b.o c.o -Wl,--gdb-index -Wl,--threads=8 -o m
    cmp one m
    ./m
    [[ $(section m .gdb_index flags) != *C* ]]
    has_no_section m .debug_gnu_pubnames
    shows '^\.gdb_index: version 8' gdb -batch -nx -ex 'maint print objfiles' m
    gdb -batch -nx "${asked[@]}" plain >want 2>&1 || true
    gdb -batch -nx "${asked[@]}" m >got 2>&1 || true
    diff want got
    # Asking for a name reads the unit that has it, and that of main, whose language counts.
    gdb -batch -nx -ex 'set debug dwarf-read 1' -ex 'file m' -ex 'info line twice' >log 2>&1
    grep -q 'found gdb index from file' log
    [ "$(grep -c 'Expanding symtab of CU' log)" = 2 ]
    llvm-dwarfdump-19 --gdb-index m >dump 2>err
    [ ! -s err ]
    grep -qE 'CU list offset = 0x18, has [2-9] entries' dump
    sane m
  done
done
