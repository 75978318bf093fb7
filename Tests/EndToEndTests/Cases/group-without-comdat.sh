#!/bin/bash
# A section group without the COMDAT flag is never dropped, whatever its signature; with -r it stays
# such a group, and with --gc-sections its members live and die together.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >$n.s <<END
.section .data.x,"awG",@progbits,sig
.globl v$n
v$n: .long $n
.section counters,"awG",@progbits,sig
.long 7
.section .data.unused,"awG",@progbits,unused
.long 9
.section counters,"awG",@progbits,unused
.long 8
.section .note.GNU-stack,"",@progbits
END
  as $n.s -o $n.o
done
echo 'extern int v1, v2; int main(void) { return v1 + v2 - 3; }' >m.c
gcc -c m.c
$SWOLD -r 1.o 2.o -o r.o
[ "$(count '^group section .*\[sig\] contains 2 sections' readelf -gW r.o)" = 2 ]
lacks COMDAT readelf -gW r.o
for form in "1.o 2.o" r.o; do
  $CC m.o $form -o m
  ./m
  [ "$(contents m counters)" = 07000000080000000700000008000000 ]
  $CC -Wl,--gc-sections m.o $form -o m
  ./m
  [ "$(contents m counters)" = 0700000007000000 ]
done
