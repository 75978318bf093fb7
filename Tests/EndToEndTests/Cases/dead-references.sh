#!/bin/bash
# -z dead-reloc-in-nonalloc says what sections that are not loaded have for references to what is not in
# the output; as lld.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >s.s <<'X'
.globl _start
_start: ret
.section .text.dead,"ax"
dead: ret
.section .debug_info
.quad dead+1
.section .debug_ranges
.quad dead+1
.section .mine
.quad dead+1
X
as s.s -o s.o
show() {
  "$@" --gc-sections s.o -o out
  echo $(for s in .debug_info .debug_ranges .mine; do contents out $s; echo; done)
}
[ "$(show $SWOLD)" = '0000000000000000 0100000000000000 0100000000000000' ]
for z in '-z dead-reloc-in-nonalloc=.debug_*=0xffffffffffffffff' '-z dead-reloc-in-nonalloc=.mine=5' \
  '-z dead-reloc-in-nonalloc=*=7 -z dead-reloc-in-nonalloc=.debug_info=8'; do
  set -f
  [ "$(show $SWOLD $z)" = "$(show ld.lld-19 $z)" ] || fail "$z: $(show $SWOLD $z) unlike $(show ld.lld-19 $z)"
  set +f
done
for bad in .x .x=y =1; do expect_fail $SWOLD s.o -z dead-reloc-in-nonalloc=$bad -o no; done
