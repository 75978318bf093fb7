#!/bin/bash
# Compressed debug sections (zlib, zstd, .zdebug) are read.
. "$(dirname "$0")/../prelude.sh"

echo 'int g(void) { return 0; } int main(void) { return g(); }' >m.c
gcc -g -c m.c -o plain.o
objcopy --compress-debug-sections=zlib plain.o zlib.o
objcopy --compress-debug-sections=zlib-gnu plain.o zdebug.o
llvm-objcopy-19 --compress-debug-sections=zstd plain.o zstd.o
$CC plain.o -o plain
llvm-dwarfdump-19 plain | tail -n +2 >want
for form in zlib zdebug zstd; do
  $CC $form.o -o $form
  ./$form
  llvm-dwarfdump-19 $form | tail -n +2 | cmp - want
  has_no_section $form .zdebug_info
  sane $form
done
