#!/bin/bash
# A shared library in an archive takes part like any member: if something needs it, by its DT_SONAME
# or its own name; with -static and -r only --whole-archive asks for it. (GNU ld)
. "$(dirname "$0")/../prelude.sh"

echo 'int k(void) { return 4; }' >k.c
echo 'int q(void) { return 5; }' >q.c
echo 'int k(void), q(void); int main(void) { return k() + q() - 9; }' >both.c
echo 'int q(void); int main(void) { return q() - 5; }' >one.c
gcc -c q.c both.c one.c
for soname in "" -Wl,-soname,libk.so.1; do
  gcc -shared -fPIC $soname k.c -o libk.so.1
  rm -f libk.a
  ar rc libk.a libk.so.1 q.o
  $CC both.o libk.a -o both
  shows 'NEEDED.*\[libk.so.1\]' readelf -d both
  LD_LIBRARY_PATH=. ./both
  $CC one.o libk.a -o one
  lacks libk readelf -d one
  ./one
  $CC one.o -Wl,--no-as-needed,--whole-archive libk.a -Wl,--no-whole-archive -o whole
  shows 'NEEDED.*\[libk.so.1\]' readelf -d whole
done
$CC -static one.o libk.a -o static
./static
$SWOLD -r one.o libk.a -o one2.o
expect_fail $CC -static both.o libk.a -o m
says 'undefined symbol: k'
expect_fail $CC -static one.o -Wl,--whole-archive libk.a -Wl,--no-whole-archive -o m
says 'libk.a\(libk.so.1\): is a shared library'
