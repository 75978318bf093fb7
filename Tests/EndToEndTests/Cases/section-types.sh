#!/bin/bash
# Types of sections that nobody knows. What is loaded is refused in the ranges of applications and
# processors, what is not loaded is copied; unassigned generic types are refused. So says GNU ld, and
# lld, which takes any type of a processor. The system's range is copied, unless a section needs more.
# machines: x86_64 (damages records of x86-64 files)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
printf '.globl _start\n_start: ret\n.section my,"a"\n.quad 1, 2\n' | as -o m.o
# FLAGS TYPE : the object with this section.
make() { python3 "$CASES/patch-elf.py" m.o t.o my:flags=$1 my:type=$2; }
refused() {
  for options in "" -r; do
    make $1 $2
    expect_fail $SWOLD $options t.o -o out
    says "t\.o: section my .* type $2"
  done
}
taken() {
  make $1 $2
  $SWOLD t.o -o out
  has_section out my
  $SWOLD -r t.o -o out
  [ "$(readelf -x my out | awk '/0x/ { print substr($2, 1, 4); exit }')" = 0100 ]
}
for type in 0x80000000 0x80000001 0x90000000 0xffffffff 0x70000000 0x70000003 0x7fffffff; do
  refused 2 $type
  taken 0 $type
done
for type in 0xc 0xd 0x14 0x100 0x5fffffff 0xa 0xb 0x13; do
  refused 2 $type
  refused 0 $type
done
for type in 0x60000000 0x6fff4c06 0x6fff4c0a 0x6ffffff5 0x6fffffff; do
  taken 2 $type
  taken 0 $type
  refused 0x102 $type
done
taken 0x102 1
