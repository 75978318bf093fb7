#!/bin/bash
# A thin archive names its members by path, relative to itself.
. "$(dirname "$0")/../prelude.sh"

mkdir sub
echo 'int bar(void) { return 3; }' >bar.c
echo 'int bar(void); int main(void) { return bar() - 3; }' >m.c
gcc -c bar.c -o sub/bar.o
gcc -c m.c
ar rcsT sub/libbar.a sub/bar.o
[ "$(head -c 7 sub/libbar.a)" = '!<thin>' ]
$CC m.o sub/libbar.a -o m
./m
(cd / && $CC "$WORK/m.o" "$WORK/sub/libbar.a" -o "$WORK/m2")
./m2
