#!/bin/bash
# -N makes text writable and needs no page alignment.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: movl $0, value(%rip)
  mov $60, %eax
  mov value(%rip), %edi
  syscall
value: .long 7
END
as m.s -o m.o
$SWOLD -N m.o -o m
./m
shows '^ *LOAD .* RWE ' readelf -lW m
