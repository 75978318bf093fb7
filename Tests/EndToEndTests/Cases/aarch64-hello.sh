#!/bin/bash
# AArch64: programs of every kind start, and the GOT begins with the address of .dynamic, where
# _GLOBAL_OFFSET_TABLE_ is. With pages of 64 KiB, and one page at 0x400000 the first of a fixed program.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >main.c <<'X'
#include <stdio.h>
extern int _GLOBAL_OFFSET_TABLE_[] __attribute__((visibility("hidden")));
extern char _DYNAMIC[] __attribute__((visibility("hidden"), weak));
int main(int n, char **v) { printf("hello %d\n", n); return !v || *_GLOBAL_OFFSET_TABLE_ == 1; }
X
for kind in '-fPIE -pie' '-fno-pie -no-pie' '-static -fno-pie' '-static-pie -fPIE'; do
  aarch64-linux-gnu-gcc $kind -c main.c
  aarch64-linux-gnu-gcc -B"$LD_DIR" $kind main.o -o main
  [ "$(qemu-aarch64 -L /usr/aarch64-linux-gnu ./main)" = 'hello 1' ]
  [ "$(address main _GLOBAL_OFFSET_TABLE_)" = "$(section main .got address)" ]
  shows 'LOAD .* 0x10000$' readelf -lW main
done
aarch64-linux-gnu-gcc -B"$LD_DIR" -fno-pie -no-pie main.c -o main
shows 'LOAD +0x000000 0x0000000000400000' readelf -lW main
word=$(od -An -tx8 -N8 -j$((0x$(section main .got offset))) main)
[ "$word" = " $(section main .dynamic address)" ]
