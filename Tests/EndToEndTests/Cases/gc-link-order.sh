#!/bin/bash
# A section with SHF_LINK_ORDER lives and dies with the section it belongs to.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
.section .text.main,"ax"
main: return 0
.section .text.dead,"ax"
dead: ret
.section meta,"ao",@progbits,.text.main
  .quad 1
.section meta,"ao",@progbits,.text.dead
  .quad 2
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC -Wl,--gc-sections m.o -o m
./m
[ $((0x$(section m meta size))) = 8 ]
sane m
