#!/bin/bash
# Objects with relocations in the compact form (SHT_CREL, of LLVM 19) are objects like others: the output
# is the same as from ordinary ones, with -r, garbage collection and debug information, too.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'X'
#include <stdio.h>
static int table[300] = {1, 2, 3}; int *pointers[3] = {&table[1], &table[299], 0}; int other(int);
__thread int own = 4; const char *text = "compact"; int unused(void) { return other(9); }
int main(void) { printf("%s %d %d\n", text, *pointers[0] + own, other(table[2])); return 0; }
X
echo 'int other(int x) { return x * 2; }' >b.c
for flags in -fPIC '-fno-pic -O2 -ffunction-sections' '-g -fPIC'; do
  clang-19 $flags -c a.c b.c
  mkdir -p crel && (cd crel && clang-19 $flags -Wa,--crel,--allow-experimental-crel -c ../a.c ../b.c)
  readelf -SW crel/a.o | grep -q '\.crel'
  case $flags in *PIC) kind= ;; *) kind=-no-pie ;; esac
  [ "$flags" != '-g -fPIC' ] || kind=
  for more in '' -Wl,--gc-sections; do
    $CC $kind $more a.o b.o -o plain
    $CC $kind $more crel/a.o crel/b.o -o compact
    ./compact | grep -qx 'compact 6 6'
    for section in .text .data .rodata; do
      [ "$(contents plain $section)" = "$(contents compact $section)" ]
    done
  done
  $SWOLD -r crel/a.o crel/b.o -o r.o
  $CC $kind r.o -o compact && ./compact | grep -qx 'compact 6 6'
done

# A table that ends too early, or says too much.
offset=$(readelf -SW crel/a.o | sed -n 's/.* \.crel\.text  *[^ ]* *<[^>]*>  *[0-9a-f]* \([0-9a-f]*\) .*/\1/p' | head -1)
[ -n "$offset" ]
for byte in '\377' '\007'; do
  cp crel/a.o broken.o
  printf "$byte" | dd of=broken.o bs=1 seek=$((0x$offset)) conv=notrunc 2>/dev/null
  expect_fail $CC broken.o crel/b.o -o no
  says 'broken.o: relocations \.crel\.text'
done
