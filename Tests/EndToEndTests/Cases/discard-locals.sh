#!/bin/bash
# -x drops all local symbols, -X the compiler's own.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: return 0
named: ret
.L_temporary: ret
.data
  .quad .L_temporary
.section .note.GNU-stack,"",@progbits
END
as --keep-locals m.s -o m.o
$CC m.o -o m0
$CC m.o -Wl,-x -o m1
$CC m.o -Wl,-X -o m2
shows ' t named$' nm m0
lacks ' t named$' nm m1
shows ' t named$' nm m2
lacks 'L_temporary' nm m2
shows ' T main$' nm m1
sane m1 m2
