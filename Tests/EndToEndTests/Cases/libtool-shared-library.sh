#!/bin/bash
# A small autotools-like build: libtool makes a library and a program.
. "$(dirname "$0")/../prelude.sh"

echo 'int seven(void) { return 7; }' >l.c
echo 'int seven(void); int main(void) { return seven() - 7; }' >m.c
libtool --quiet --tag=CC --mode=compile $CC -c l.c -o l.lo
libtool --quiet --tag=CC --mode=compile $CC -c m.c -o m.lo
libtool --quiet --tag=CC --mode=link $CC l.lo -rpath "$PWD/lib" -version-info 3:1:2 -o libl.la
libtool --quiet --tag=CC --mode=link $CC m.lo libl.la -o m
./m
linked_by_swold .libs/libl.so .libs/m
shows 'SONAME.*libl.so.1' readelf -d .libs/libl.so
