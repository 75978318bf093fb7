#!/bin/bash
# Compressed debug sections of several megabytes are right, whatever the form and number of threads.
# machines: x86_64 i386 (numbers of the assembler)
. "$(dirname "$0")/../prelude.sh"

{
  echo '.section .debug_data,"",@progbits'
  echo ".set n, 0; .rept 600000; .long n * n * 7; .set n, n + 1; .endr"
  echo '.section .debug_str,"MS",@progbits,1'
  echo '.string "one"; .string "two"'
  echo '.section .note.GNU-stack,"",@progbits'
} >d.s
gcc -c d.s
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o d.o -o plain
for form in zlib zstd zlib-gnu zlib:9 zstd:1; do
  $CC m.o d.o -Wl,--compress-debug-sections=$form -Wl,--threads=1 -o one
  $CC m.o d.o -Wl,--compress-debug-sections=$form -Wl,--threads=4 -o four
  cmp one four
  ./one
  llvm-objcopy-19 --decompress-debug-sections one whole
  [ "$(contents whole .debug_data)" = "$(contents plain .debug_data)" ]
done
$CC m.o d.o -Wl,--compress-debug-sections=zlib-gnu -o gnu
has_section gnu .zdebug_data
# What does not become smaller is left alone.
has_section gnu .debug_str
