#!/bin/bash
# A label in an empty section still has a sensible address.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: lea here(%rip), %rax
  test %rax, %rax
  jz 1f
  xor %eax, %eax
  ret
1: mov $1, %eax
  ret
.section .mydata,"aw"
here:
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC m.o -o m
./m
sane m
