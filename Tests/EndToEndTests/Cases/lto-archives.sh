#!/bin/bash
# Members without machine code are pulled like others, from archives with and without an index, thin
# ones and --start-lib; those that nothing needs are not compiled.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int one(void); int main(void) { return one() - 3; }' >m.c
echo 'int two(void); int one(void) { return two() + 1; }' >one.c
echo 'int two(void) { return 2; }' >two.c
echo 'int missing(void); int three(void) { return missing(); } int one_more;' >three.c
for compiler in gcc clang-19; do
  [ $compiler = gcc ] && { link=$CC; ar=gcc-ar; } || { link=$CLANG; ar=llvm-ar-19; }
  $compiler -O2 -flto -c m.c one.c two.c three.c
  rm -f lib.a thin.a plain.a
  $ar rcs lib.a one.o two.o three.o
  $ar rcsT thin.a one.o two.o three.o
  ar rcS plain.a one.o two.o three.o
  for from in lib.a thin.a plain.a '-Wl,--start-lib one.o two.o three.o -Wl,--end-lib'; do
    $link -O2 -flto m.o $from -o m && ./m || fail "$compiler $from"
    $link -O2 -flto $from m.o -o m && ./m || fail "$compiler $from in front"
  done
  linked_by_swold m
  # A member with machine code between members without, and the other way round.
  $compiler -O2 -c one.c -o one.o
  $ar rcs mixed.a one.o two.o three.o
  $link -O2 -flto m.o mixed.a -o m && ./m
  expect_fail $link -O2 -flto m.o -Wl,--whole-archive lib.a -Wl,--no-whole-archive -rdynamic -o m
  says 'undefined.*missing|missing.*undefined'
  rm mixed.a
done
