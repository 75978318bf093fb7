#!/bin/bash
# A -l that finds nothing says what it may have meant: the nearest library in the search paths, or
# why the one of that name does not do.
. "$(dirname "$0")/../prelude.sh"

mkdir lib
echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
ar rc lib/libhelper.a f.o
gcc -shared -fPIC f.c -o lib/libshared.so
cp lib/libshared.so lib/libversioned.so.3
for name in helpr heplers Helper libhelper libhelper.a helper.so; do
  expect_fail $CC m.o -Llib -l$name -o m
  says "did you mean -lhelper\? it is lib/libhelper.a"
done
expect_fail $CC m.o -Llib -l:libhelpr.a -o m
says "did you mean -l:libhelper.a\?"
expect_fail $CC m.o -Llib -Wl,-Bstatic -lshared -o m
says 'lib/libshared.so is a shared library, which .*-Bstatic'
expect_fail $CC m.o -Llib -Wl,-Bstatic -lsharedd -o m
lacks shared.so cat "$ERR"
expect_fail $CC m.o -Llib -lversioned -o m
says 'lib/libversioned.so.3 is there, but no libversioned.so'
expect_fail $CC m.o -Llib -lnothing-of-the-kind -o m
lacks 'did you mean' cat "$ERR"
