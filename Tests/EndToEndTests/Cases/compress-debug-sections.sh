#!/bin/bash
# --compress-debug-sections=zlib and zstd write compressed debug sections.
. "$(dirname "$0")/../prelude.sh"

for i in $(seq 200); do echo "int f$i(int x) { return x + $i; }"; done >m.c
echo 'int main(void) { return f1(-1); }' >>m.c
gcc -g -c m.c
$CC m.o -o plain
llvm-dwarfdump-19 plain | tail -n +2 >want
for form in zlib zstd; do
  $CC m.o -Wl,--compress-debug-sections=$form -o $form
  ./$form
  shows 'COMPRESSED' readelf -tW $form
  llvm-dwarfdump-19 $form | tail -n +2 | cmp - want
  [ "$(stat -c %s $form)" -lt "$(stat -c %s plain)" ]
done
$CC m.o -Wl,--compress-debug-sections=none -o none
lacks 'COMPRESSED' readelf -tW none
