#!/bin/bash
# A -L that begins with = is searched in the sysroot.
. "$(dirname "$0")/../prelude.sh"

mkdir -p root/usr/mylib
echo 'int s(void) { return 0; }' >s.c
echo '.globl _start; _start: call s; exit 0' >m.s
gcc -c s.c
as m.s -o m.o
ar rcs root/usr/mylib/libs.a s.o
$SWOLD --sysroot="$PWD/root" -L=/usr/mylib m.o -ls -o m
./m
$SWOLD --sysroot="$PWD/root" '-L$SYSROOT/usr/mylib' m.o -ls -o m2
./m2
