#!/bin/bash
# A shared library: what the version script exports stays and is visible, the rest is optimized away.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >lib.c <<'E'
int inner(int x) { return x + 1; }
int outer(int x) { return inner(x) * 2; }
int old_name(int x) { return x; }
__asm__(".symver old_name, renamed@V1");
E
cat >other.c <<'E'
int outer(int);
int entry(int x) { return outer(x) - 4; }
E
echo 'int entry(int); int main(void) { return entry(1); }' >m.c
echo 'V1 { global: entry; local: *; };' >v.map
sed '/old_name/d' lib.c >plain.c
for compiler in gcc clang-19; do
  [ $compiler = gcc ] && link=$CC || link=$CLANG
  $compiler -O2 -fPIC -flto -c plain.c other.c
  $link -O2 -flto -shared plain.o other.o -Wl,--version-script=v.map -o libe.so
  shows ' T entry@@V1$' nm -D libe.so
  lacks 'inner|outer' nm libe.so
  $link m.c ./libe.so -o m && ./m
  linked_by_swold libe.so
  # Without a script everything stays, and can be replaced.
  $link -O2 -flto -shared plain.o other.o -o libe.so
  shows ' T inner$' nm -D libe.so
  shows ' T outer$' nm -D libe.so
  echo 'int outer(int x) { return x + 3; }' >instead.c
  $link m.c instead.c ./libe.so -rdynamic -o m && ./m
done
