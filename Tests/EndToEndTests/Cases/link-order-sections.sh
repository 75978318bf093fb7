#!/bin/bash
# SHF_LINK_ORDER sections follow the order of the sections they belong to.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl main
.section .text.b,"ax"
b: ret
.section .text.a,"ax"
main: return 0
.section order,"ao",@progbits,.text.a
  .long 1
.section order,"ao",@progbits,.text.b
  .long 2
.section .note.GNU-stack,"",@progbits
END
as a.s -o a.o
$CC a.o -o m
./m
# .text.b comes before .text.a in the object, so its entry does too.
[ "$(contents m order)" = 0200000001000000 ]
