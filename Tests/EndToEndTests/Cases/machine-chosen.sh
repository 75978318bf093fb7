#!/bin/bash
# The machine of a link: -m, else the first object; libraries and scripts of others are passed over in a
# search, and mixing machines is one error that names both files.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: ret\n' >s.s
as --32 s.s -o s32.o
as --64 s.s -o s64.o
$SWOLD s32.o -o p32
shows 'Intel 80386' readelf -h p32
$SWOLD -m elf_i386 s32.o -o p32m
cmp p32 p32m
$SWOLD s64.o -o p64
shows 'X86-64' readelf -h p64

# --oformat chooses, too, but -m is stronger; the machine may be one that nothing else names.
printf '\1' >data
for machine in 'elf32-i386 80386' 'elf64-x86-64 X86-64'; do
  set -- $machine
  $SWOLD -r --oformat $1 -b binary data -o data.o
  shows "$2" readelf -h data.o
  $SWOLD -r --oformat elf32-i386 -m elf_x86_64 -b binary data -o data.o
  shows X86-64 readelf -h data.o
done
expect_fail $SWOLD --oformat elf9-nonsense s32.o -o p
expect_fail $SWOLD --format elf9-nonsense s32.o -o p
$SWOLD --format elf32-i386 s32.o -o p

# No more than one error, which names both.
expect_fail $SWOLD s32.o s64.o -o p
[ -n "${SWOLD_UNDER_TEST:-}" ] || {
  says 's64.o: is 64-bit little-endian x86-64, and the output is 32-bit little-endian i386, as s32.o'
  expect_fail $SWOLD -m elf_x86_64 s32.o -o p
  says 's32.o: is 32-bit .*i386, and the output is 64-bit .*x86-64, as -m elf_x86_64'
  expect_fail $SWOLD -m elf_nonsense s32.o -o p
  says 'elf_x86_64.*elf_i386'
}

# The search takes what is for this machine.
mkdir l32 l64
printf '.globl f\nf: ret\n' >f.s
as --32 f.s -o f.o && ar rc l32/libf.a f.o
as --64 f.s -o f.o && ar rc l64/libf.a f.o
printf '.globl _start\n_start: call f\n' >u.s
as --32 u.s -o u32.o
as --64 u.s -o u64.o
$SWOLD u32.o -Ll64 -Ll32 -lf -o p
shows 'Intel 80386' readelf -h p
$SWOLD u64.o -Ll32 -Ll64 -lf -o p
shows 'X86-64' readelf -h p
mkdir s32 s64
echo 'OUTPUT_FORMAT(elf32-i386) INPUT(l32/libf.a)' >s32/libf.so
echo 'OUTPUT_FORMAT(elf64-x86-64) INPUT(l64/libf.a)' >s64/libf.so
$SWOLD u32.o -Ls64 -Ls32 -lf -o p
$SWOLD u64.o -Ls32 -Ls64 -lf -o p
