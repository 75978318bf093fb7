#!/bin/bash
# A library without soname is needed by the path on the command line.
. "$(dirname "$0")/../prelude.sh"

mkdir d
echo 'int s(void) { return 0; }' >s.c
echo 'int s(void); int main(void) { return s(); }' >m.c
gcc -shared -fPIC s.c -o d/libs.so
$CC m.c d/libs.so -o m
shows 'NEEDED.*\[d/libs.so\]' readelf -d m
$CC m.c -Ld -ls -o m2
shows 'NEEDED.*\[libs.so\]' readelf -d m2
