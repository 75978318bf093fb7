#!/bin/bash
# ARM: build attributes become one section, as GNU ld makes it, also with -r; files that do not fit
# together are errors that name both.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"
not_linted "programs of a few bytes"

assemble() { arm-none-eabi-as "$@"; }
# attributes NAME TAG VALUE…
attributes() {
  local name=$1
  shift
  { while [ $# -gt 0 ]; do echo ".eabi_attribute $1, $2"; shift 2; done; echo '.text; .global f_'$name
    echo "f_$name: bx lr"; } >$name.s
  assemble $name.s -o $name.o
}
# Tags with values from 0 to 2 in either file: architecture, instruction sets, alignment, DIV …
for tag in 6 8 9 10 12 17 20 21 23 24 25 26 34 42 44 68; do
  for pair in '0 1' '1 0' '1 2' '2 1' '2 0'; do
    set -- $pair
    attributes a 6 10 $tag $1
    attributes b 6 10 $tag $2
    "$SWOLD" -r a.o b.o -o ours.o 2>/dev/null
    arm-none-eabi-ld -r a.o b.o -o theirs.o 2>/dev/null
    readelf -A ours.o >ours
    readelf -A theirs.o >theirs
    diff ours theirs
  done
done
attributes a 6 10 7 0x41 23 3 28 1
attributes b 6 10 7 0x41 23 3
expect_fail "$SWOLD" a.o b.o -e f_a -o none
says 'b\.o and a\.o do not fit together: the second passes floating-point arguments in VFP registers'
attributes b 6 10 7 0x4d
expect_fail "$SWOLD" -r a.o b.o -o none
says 'b\.o and a\.o do not fit together: one is for processors of profile M, the other for profile A'
attributes a 18 4 26 1
attributes b 18 2 26 2
"$SWOLD" a.o b.o -e f_a -o main 2>warnings
grep -q 'b.o and a.o may not fit together: wchar_t has 2 bytes in the first and 4 in the second' warnings
grep -q 'enumerations have 32 bits in the first and variable sizes in the second' warnings
"$SWOLD" a.o b.o -e f_a --no-wchar-size-warning --no-enum-size-warning -o main 2>warnings
[ ! -s warnings ]
# Before version 5 of the EABI nothing is known about code; data is data.
assemble -meabi=gnu a.s -o old.o
expect_fail "$SWOLD" old.o -o none
says 'old\.o: is of no version of the EABI, and swold links version 5'
printf data >data
arm-none-eabi-objcopy -I binary -O elf32-littlearm data data.o
"$SWOLD" a.o data.o -e f_a -o main
expect_fail "$SWOLD" a.o --be8 -o none
says 'big-endian'
