#!/bin/bash
# Loads of addresses through the GOT become lea or immediate operands.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main, local
main:
  mov local@GOTPCREL(%rip), %rax
  movl (%rax), %eax
  cmp %rax, local@GOTPCREL(%rip)
  call *f@GOTPCREL(%rip)
  jmp *g@GOTPCREL(%rip)
.globl f, g
f: ret
g: return 0
.data
local: .long 0
.section .note.GNU-stack,"",@progbits
END
as -mrelax-relocations=yes m.s -o m.o
$CC -no-pie m.o -o m
./m
objdump -d --disassemble=main m >code
! grep -E 'mov +0x[0-9a-f]+\(%rip\),%rax' code || fail "not relaxed"
! grep -E 'call +\*|jmp +\*' code || fail "indirect"
$CC -no-pie m.o -Wl,--no-relax -o n
./n
objdump -d --disassemble=main n | grep -E 'call +\*'
