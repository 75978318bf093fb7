#!/bin/bash
# .text.*, .rodata.*, .data.*, .bss.* go into the sections of their kind.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
.section .text.foo,"ax"
main: load_int .rodata.x
  ret
.section .rodata.x,"a"
  .long 0
.section .data.y,"aw"
  .long 1
.section .bss.z,"aw",@nobits
  .long 0
.section .data.rel.ro.q,"aw"
  .quad main
.section .mine.z,"aw"
  .long 2
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC m.o -o m
./m
for s in .text .rodata .data .bss .data.rel.ro .mine.z; do has_section m $s; done
for s in .text.foo .rodata.x .data.y .bss.z .data.rel.ro.q; do has_no_section m $s; done
sane m
