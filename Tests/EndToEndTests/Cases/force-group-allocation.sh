#!/bin/bash
# --force-group-allocation: -r makes plain sections of those of groups, of which one copy is kept.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'template <class T> T twice(T x) { return x + x; } int a(int x) { return twice(x); }' >a.cc
echo 'template <class T> T twice(T x) { return x + x; } int a(int); int main() { return twice(2) + a(1) - 6; }' >b.cc
g++ -c a.cc b.cc
$SWOLD -r a.o b.o -o grouped.o
$SWOLD -r a.o b.o --force-group-allocation -o plain.o
ld -r a.o b.o --force-group-allocation -o gnu.o
shows 'GROUP' readelf -SW grouped.o
for file in plain.o gnu.o; do
  lacks 'GROUP' readelf -SW $file
  [ "$(count ' _Z5twiceIiET_S0_$' nm $file)" = 1 ]
  lacks ' AXG ' readelf -SW $file
done
$CXX plain.o -o m && ./m
g++ plain.o -o m && ./m
