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
