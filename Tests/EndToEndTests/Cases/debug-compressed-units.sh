#!/bin/bash
# Compressed debug sections of several objects stand close together, as the alignment of their contents says;
# that of the section header is the compressed bytes' (gABI, "Section Compression").
. "$(dirname "$0")/../prelude.sh"

echo 'int a(int x) { return x; }' >a.c
echo 'int a(int); long b(long y) { return a(1) + y; }' >b.c
echo 'long b(long); int main(void) { return (int)b(-1); }' >m.c
for compiler in gcc clang-19; do
  $compiler -g -c a.c b.c m.c
  $CC a.o b.o m.o -o plain
  llvm-dwarfdump-19 plain | tail -n +2 >want
  [ "$(grep -c 'Compile Unit:' want)" = 3 ]
  for file in a b m; do objcopy --compress-debug-sections=zlib-gabi $file.o z$file.o; done
  $CC za.o zb.o zm.o -o m
  ./m
  llvm-dwarfdump-19 m | tail -n +2 | cmp - want
  $SWOLD -m "$EMULATION" -r za.o zb.o zm.o -o r.o
  $CC r.o -o m
  # (Code may stand elsewhere than without -r.)
  diff <(llvm-dwarfdump-19 m | grep 'Compile Unit') <(grep 'Compile Unit' want)
  llvm-dwarfdump-19 --verify m >/dev/null
done
