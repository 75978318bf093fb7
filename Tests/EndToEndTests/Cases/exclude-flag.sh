#!/bin/bash
# A section with SHF_EXCLUDE is left out of a program.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: return 0
.section .private,"e",@progbits
  .long 1
.section .kept,"",@progbits
  .long 2
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
$CC m.o -o m
./m
has_no_section m .private
has_section m .kept
