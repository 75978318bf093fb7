#!/bin/bash
# Objects with machine code and the intermediate form: a plugin uses the latter, and without one they
# link as they are.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int two(void); int main(void) { return two() - 2; }' >a.c
echo 'int two(void) { return 2; }' >b.c
gcc -O2 -flto -ffat-lto-objects -c a.c b.c
ar rcs b.a b.o
for b in b.o b.a; do
  $CC -O2 -flto a.o $b -o m && ./m
  lacks ' two$' nm m
  $CC -O2 -fno-lto a.o $b -o m && ./m
  shows ' two$' nm m
  lacks 'gnu\.lto_' readelf -SW m
done
clang-19 -O2 -flto -ffat-lto-objects -c a.c b.c
$CLANG -O2 a.o b.o -o m && ./m
shows ' two$' nm m
lacks 'llvm\.lto' readelf -SW m
shows 'call.*<two>' objdump -d m
$CLANG -O2 -Wl,--fat-lto-objects a.o b.o -o m && ./m
lacks 'call.*<two>' objdump -d m
linked_by_swold m
$CLANG -O2 -Wl,--fat-lto-objects,--no-fat-lto-objects a.o b.o -o m && ./m
shows 'call.*<two>' objdump -d m
