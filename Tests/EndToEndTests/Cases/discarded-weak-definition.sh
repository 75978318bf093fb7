#!/bin/bash
# With the copy of a group goes what it defined: a weak definition that the kept copy has not leaves
# an undefined weak symbol, which is 0 (GNU ld, lld). A strong one is an error.
. "$(dirname "$0")/../prelude.sh"

group='.section .text.f, "axG", @progbits, f, comdat\n.weak f\nf: ret\n'
printf "$group"'.globl _start\n.text\n_start: call f\n' | as -o a.o
dropped() { printf "$group$1\ng: ret\n.text\ncall g\nload_got g\n.data\n.quad g\n" | as -o b.o; }
dropped '.weak g'
for style in -no-pie -pie -shared; do $SWOLD $style a.o b.o -o m; done
dropped '.weak g\n.hidden g'
for style in -no-pie -pie -shared; do
  $SWOLD $style a.o b.o -o m
  contents m .data | grep -qx '0*'
  # The first word may be the address of .dynamic.
  ! section m .got type >/dev/null || contents m .got | grep -qE "^.{0,$((BITS / 4))}0*\$"
done
dropped '.globl g'
expect_fail $SWOLD a.o b.o -o m
says 'undefined symbol: g'
# In what is not loaded, a reference to what is gone is the tombstone; outside of debug information
# the addend stays.
printf "$group"'.Lx: ret\n.section .other, ""\n.quad .Lx + 16\n.section .debug_info, ""\n.quad .Lx + 16\n' |
  as --keep-locals -o c.o
$SWOLD a.o c.o -o m
zeros=$(printf "%0$((BITS / 4))d" 0)
[ "$(contents m .other)" = "10${zeros#00}" ]
[ "$(contents m .debug_info)" = "$zeros" ]
