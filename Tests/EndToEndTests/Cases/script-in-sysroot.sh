#!/bin/bash
# Absolute paths in a script that lies in the sysroot begin there.
. "$(dirname "$0")/../prelude.sh"

mkdir -p root/usr/lib root/opt
echo 'int s(void) { return 0; }' >s.c
echo '.globl _start; _start: call s; exit 0' >m.s
gcc -c s.c -o root/opt/s.o
as m.s -o m.o
echo "OUTPUT_FORMAT(\"$BFD\", \"$BFD\", \"$BFD\") GROUP(/opt/s.o)" >root/usr/lib/libs.so
$SWOLD --sysroot="$PWD/root" -L=/usr/lib m.o -ls -o m
./m
