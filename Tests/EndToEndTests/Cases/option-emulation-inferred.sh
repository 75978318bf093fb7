#!/bin/bash
# Without -m the first object file decides.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: mov $60, %eax
  xor %edi, %edi
  syscall
END
as m.s -o m.o
$SWOLD m.o -o m
shows 'X86-64' readelf -h m
./m
