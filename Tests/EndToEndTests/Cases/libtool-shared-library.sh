#!/bin/bash
# A small autotools-like build: libtool makes a library and a program.
. "$(dirname "$0")/../prelude.sh"

# libtool drops -B from the command line; this environment variable says the same to gcc.
export COMPILER_PATH=$LD_DIR
echo 'int seven(void) { return 7; }' >l.c
echo 'int seven(void); int main(void) { return seven() - 7; }' >m.c
libtool --quiet --tag=CC --mode=compile gcc -c l.c -o l.lo
libtool --quiet --tag=CC --mode=compile gcc -c m.c -o m.lo
libtool --quiet --tag=CC --mode=link gcc l.lo -rpath "$PWD/lib" -version-info 3:1:2 -o libl.la
libtool --quiet --tag=CC --mode=link gcc m.lo libl.la -o m
./m
linked_by_swold .libs/libl.so .libs/m
shows 'SONAME.*libl.so.1' readelf -d .libs/libl.so
