#!/bin/bash
# What a library lacks is an error if all that it needs is on the command line, though nothing else
# needs that (GNU ld, lld). A weak reference of the program says that it can be missing (lld).
. "$(dirname "$0")/../prelude.sh"

library() { gcc -shared -fPIC -x c - -x none -o lib$1.so -Wl,-soname,lib$1.so -Wl,--no-as-needed "${@:2}"; }
echo 'void f(void) {}' | library a
echo 'void f(void); void g(void) { f(); }' | library b ./liba.so
echo 'void g(void); int main(void) { g(); }' >m.c
gcc -c m.c
$CC m.o -Wl,--as-needed ./liba.so ./libb.so -o m
LD_LIBRARY_PATH=. ./m
lacks 'NEEDED.*liba' readelf -d m
echo 'void other(void) {}' | library a
expect_fail $CC m.o -Wl,--as-needed ./liba.so ./libb.so -o m
says 'undefined symbol: f'
says 'referenced by ./libb.so'
$CC m.o ./libb.so -Wl,-rpath-link,. -o m
$CC m.o ./liba.so ./libb.so -Wl,--allow-shlib-undefined -o m
echo 'void f(void) __attribute__((weak)); void *p = f;' | gcc -c -x c - -o weak.o
$CC m.o weak.o ./liba.so ./libb.so -o m
echo 'void f(void) {}' | library other
$CC m.o -Wl,--as-needed ./liba.so ./libb.so ./libother.so -o m
LD_LIBRARY_PATH=. ./m
