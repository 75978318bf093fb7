#!/bin/bash
# -L and -l, with .so before .a in one folder, and folder order before that.
. "$(dirname "$0")/../prelude.sh"

mkdir one two
echo 'int v(void) { return 1; }' >one.c
echo 'int v(void) { return 2; }' >two.c
echo 'int v(void); int main(void) { return v(); }' >m.c
gcc -c one.c two.c m.c
ar rcs one/libv.a one.o
gcc -shared -fPIC two.c -o one/libv.so
ar rcs two/libv.a two.o
run() { r=0; "$@" || r=$?; }
$CC m.o -Lone -lv -Wl,-rpath,"$PWD/one" -o m; run ./m; [ $r = 2 ]
$CC m.o -Lone -Wl,-Bstatic -lv -Wl,-Bdynamic -o m; run ./m; [ $r = 1 ]
$CC m.o -Ltwo -Lone -lv -o m; run ./m; [ $r = 2 ]
lacks 'NEEDED.*libv' readelf -d m
$CC m.o -Lone -Ltwo -l:libv.a -o m; run ./m; [ $r = 1 ]
