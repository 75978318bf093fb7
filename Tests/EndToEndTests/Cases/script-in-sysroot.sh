#!/bin/bash
# Absolute paths in a script that lies in the sysroot begin there.
. "$(dirname "$0")/../prelude.sh"

mkdir -p root/usr/lib root/opt
echo 'int s(void) { return 0; }' >s.c
echo '.globl _start; _start: call s; mov $60, %eax; xor %edi, %edi; syscall' >m.s
gcc -c s.c -o root/opt/s.o
as m.s -o m.o
echo 'OUTPUT_FORMAT("elf64-x86-64", "elf64-x86-64", "elf64-x86-64") GROUP(/opt/s.o)' >root/usr/lib/libs.so
$SWOLD --sysroot="$PWD/root" -L=/usr/lib m.o -ls -o m
./m
