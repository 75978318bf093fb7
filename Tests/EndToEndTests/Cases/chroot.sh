#!/bin/bash
# --chroot: absolute paths of inputs begin in that folder, relative ones where they did.
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: call f\n' >a.s
printf '.globl f\nf: ret\n' >f.s
gcc -c a.s f.s
mkdir -p root/in
cp f.o root/in/f.o
$SWOLD a.o f.o -o plain
$SWOLD --chroot="$PWD/root" a.o /in/f.o -o out
cmp plain out
expect_fail $SWOLD a.o /in/f.o -o no
expect_fail $SWOLD --chroot="$PWD/root" a.o "$PWD/f.o" -o no
says 'f.o'
