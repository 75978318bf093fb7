#!/bin/bash
# The distance from code that moves to an absolute address is unknown: an error (GNU ld, lld), for
# calls as for data. What holds the address itself is fine.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

printf '.globl number, own\n.hidden own\nnumber = 0x2a\nown = 0x2a\n' | as -o abs.o
assemble() { printf '.globl _start\n%b\n' "$1" | as -mrelax-relocations=yes -o a.o; }
for code in '_start: call number' '_start: jmp number' '_start: call number@PLT' '_start: lea number(%rip), %rax' \
  '_start: movabs $number@GOTOFF, %rax' '_start: movabs $number@PLTOFF, %rax' '_start: .quad number - .'; do
  assemble "$code"
  $SWOLD a.o abs.o -o m
  expect_fail $SWOLD -pie a.o abs.o -o m
  says 'against number cannot be used when making a position-independent executable; number is a number'
  assemble "${code//number/own}"
  expect_fail $SWOLD -shared a.o abs.o -o m.so
  says 'against own cannot be used when making a shared object'
done
for code in '_start: mov number@GOTPCREL(%rip), %rax' '_start: call *number@GOTPCREL(%rip)' \
  '_start: mov $number, %eax' '_start: movabs $number, %rax' '.data\n_start: .quad number'; do
  assemble "$code"
  $SWOLD -pie -z text a.o abs.o -o m
  lacks "$R" readelf -rW m
done
# To a library that others may replace the number in, it is a function like any other.
assemble '_start: call number'
$SWOLD -shared a.o abs.o -o m.so
shows 'JUMP_SLOT.* number' readelf -rW m.so
