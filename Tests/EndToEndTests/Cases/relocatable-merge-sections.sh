#!/bin/bash
# -r --relocatable-merge-sections: one .text instead of a section for each function, and all still fits.
. "$(dirname "$0")/../prelude.sh"

cat >a.cc <<'END'
#include <cstdio>
template <class T> __attribute__((noinline)) T twice(T x) { return x + x; }
static int table[4] = {1, 2, 3, 4};
const int *const pointers[] = {table, table + 2};
__attribute__((cold)) void fall(int x) { if (x > 100) throw x; }
int zeros[10];
__attribute__((constructor(200))) void second() { zeros[1] += zeros[0]; }
__attribute__((constructor(101))) void first() { zeros[0] = 4; }
int main() { try { fall(twice(60)); } catch (int x) { std::printf("%d %d %d\n", x, *pointers[1], zeros[1]); } return 0; }
END
g++ -O2 -ffunction-sections -fdata-sections -c a.cc
$SWOLD -r a.o -o plain.o
$SWOLD -r a.o --relocatable-merge-sections -o joined.o
names() { readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] *\(\.[^ ]*\).*/\1/p' | grep -E "$2" | sort | uniq -c | tr -s ' '; }
[ "$(names plain.o '^\.text\.' | wc -l)" -ge 4 ]
lacks '\.gcc_except_table\.' readelf -SW joined.o
# One of each; a COMDAT function keeps its section and group, and constructors their order.
[ "$(names joined.o '^\.(text|data|bss)$' | grep -c '^ 1 ')" = 3 ]
[ "$(names joined.o '^\.text\.' | grep -vE 'twice|get_pc_thunk')" = "" ]
names joined.o '^\.text\.' | grep -q twice
has_section joined.o .init_array.00101 && has_section joined.o .init_array.00200
for object in plain joined; do
  $CXX $object.o -o $object
  [ "$(./$object)" = '120 3 4' ]
done
$SWOLD -r a.o --relocatable-merge-sections -z keep-text-section-prefix -o prefixes.o
[ "$(names prefixes.o '^\.text\.unlikely')" = ' 1 .text.unlikely' ]
