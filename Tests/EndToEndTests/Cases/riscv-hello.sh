#!/bin/bash
# RISC-V: a program in each kind of file runs, with and without relaxation.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >main.c <<'X'
#include <stdio.h>
int main(int argc, char **argv) { printf("hello %d\n", argc); }
X
riscv64-linux-gnu-gcc -O2 -g -c main.c
for flags in '' -no-pie -static '-Wl,--no-relax' '-static -Wl,--no-relax'; do
  riscv64-linux-gnu-gcc -B"$LD_DIR" $flags main.o -o main
  [ "$(qemu-riscv64 -L /usr/riscv64-linux-gnu ./main)" = 'hello 1' ]
  linked_by_swold main
done
shows 'RISC-V' readelf -h main
shows 'RVC, double-float ABI' readelf -h main
expect_fail $SWOLD -m elf32lriscv main.o -o none
  says 'main.o: is 64-bit little-endian RISC-V, and the output is 32-bit little-endian RISC-V, as -m elf32lriscv'
