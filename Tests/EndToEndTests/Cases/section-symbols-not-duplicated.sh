#!/bin/bash
# Absolute symbols stay absolute and files are named once.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main, number
number = 0x777
main: mov $number, %eax
  sub $0x777, %eax
  ret
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC m.o -o m
./m
shows '0*777 A number$' nm m
