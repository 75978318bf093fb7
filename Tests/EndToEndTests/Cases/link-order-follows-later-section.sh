#!/bin/bash
# An SHF_LINK_ORDER section may stand before the section that it belongs to, and in another file.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >a$n.s <<END
.section order,"ao",@progbits,.text.f$n
  .quad $n
.section .text.f$n,"ax"
  ret
.section .note.GNU-stack,"",@progbits
END
  as a$n.s -o a$n.o
done
cat >m.c <<'END'
int main(void) { return 0; }
END
$CC m.c a2.o a1.o -o m
[ "$(contents m order)" = 02000000000000000100000000000000 ]
$CC m.c a2.o a1.o -Wl,--sort-section=name -o n
./n
[ "$(contents n order)" = 01000000000000000200000000000000 ]
