#!/bin/bash
# Compressed debug sections of the inputs come out of -r readable.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) {
  return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -g -gz=zlib -c f.c
gcc -g -c m.c
objcopy --compress-debug-sections=zlib-gnu m.o
$SWOLD -r f.o m.o -o fm.o
sane fm.o
lacks '\.zdebug| MSC | C +0 ' readelf -SW fm.o
[ "$(count ' \.debug_info ' readelf -SW fm.o)" = 1 ]
llvm-dwarfdump-19 --verify fm.o
$CC fm.o -o m
./m
shows 'Line 2 of "f.c"' gdb -batch -ex 'info line f.c:2' m
