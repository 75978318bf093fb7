#!/bin/bash
# Without -o the output is a.out.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: mov $60, %eax
  xor %edi, %edi
  syscall
END
as m.s -o m.o
$SWOLD m.o
./a.out
