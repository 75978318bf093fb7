#!/bin/bash
# -r --compress-debug-sections compresses, in either format, and "none" leaves compressed input
# readable; the object links and debugs as before.
. "$(dirname "$0")/../prelude.sh"

seq 1 200 | sed 's/.*/int fn&(int x) { return x * &; }/' >a.c
printf 'template <class T> T twice(T x) { return x + x; }\n' >t.h
printf '#include "t.h"\nextern "C" int fn3(int); int g();\nint main() { return fn3(2) + twice(1) + g() - 12; }\n' >m.cc
printf '#include "t.h"\nint g() { return twice(2); }\n' >g.cc
gcc -g -c a.c
g++ -g -c m.cc g.cc
$SWOLD -r a.o m.o g.o -o plain.o
for format in zlib zstd zlib-gnu zlib-gabi; do
  $SWOLD -r --compress-debug-sections=$format a.o m.o g.o -o r.o
  sane r.o
  shows 'debug_info .* C ' readelf -SW r.o
  kind=ZLIB
  [ $format != zstd ] || kind=ZSTD
  shows "$kind, [0-9a-f]+, 1" readelf -tW r.o
  [ $(stat -c %s r.o) -lt $(stat -c %s plain.o) ]
  llvm-dwarfdump-19 --debug-info --debug-line plain.o | tail -n +2 >plain.txt
  llvm-dwarfdump-19 --debug-info --debug-line r.o | tail -n +2 >r.txt
  cmp plain.txt r.txt
  $SWOLD -r --compress-debug-sections=$format --threads=1 a.o m.o g.o -o r1.o
  cmp r.o r1.o
  $CXX r.o -o m
  ./m
  $SWOLD -r --compress-debug-sections=none r.o -o back.o
  lacks 'debug_info .* C ' readelf -SW back.o
  llvm-dwarfdump-19 --debug-info --debug-line back.o | tail -n +2 >back.txt
  cmp plain.txt back.txt
done
