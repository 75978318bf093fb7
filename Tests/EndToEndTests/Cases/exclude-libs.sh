#!/bin/bash
# Symbols of the named archives, or of ALL, are not exported.
. "$(dirname "$0")/../prelude.sh"

echo 'int a(void) { return 1; }' >a.c
echo 'int b(void) { return 2; }' >b.c
echo 'int a(void); int b(void); int c(void) { return a() + b(); }' >c.c
gcc -fPIC -c a.c b.c c.c
ar rcs liba.a a.o
ar rcs libb.a b.o
$CC -shared c.o liba.a libb.a -Wl,--exclude-libs,liba.a -o one.so
$CC -shared c.o liba.a libb.a -Wl,--exclude-libs,ALL -o all.so
shows ' T b$' nm -D one.so
lacks ' a$' nm -D one.so
lacks ' [ab]$' nm -D all.so
shows ' T c$' nm -D all.so
# A common symbol that is not for others is none for libraries' data to take the place of.
echo 'int d[2]; int *common(void) { return d; }' | gcc -c -fcommon -x c - -o common.o
ar rc libcommon.a common.o
echo 'int d[2] = {7, 7};' | gcc -shared -fPIC -x c - -o data.so
echo 'int *common(void); int main(void) { return common()[0]; }' | gcc -c -x c - -o m.o
for exclude in libcommon.a ALL; do
  $CC m.o libcommon.a ./data.so -Wl,--exclude-libs,$exclude -o m
  ./m
  lacks ' d$' nm -D m
done
$CC m.o libcommon.a ./data.so -o m
! ./m || fail "common symbols give way to data of a library behind them"
