#!/bin/bash
# Every width and kind of data relocation that a compiler may emit.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main:
  lea v(%rip), %rax
  cmp %rax, abs64(%rip)
  jne bad
  movslq pc32(%rip), %rcx
  lea pc32(%rip), %rdx
  add %rdx, %rcx
  cmp %rcx, %rax
  jne bad
  mov pc64(%rip), %rcx
  lea pc64(%rip), %rdx
  add %rdx, %rcx
  cmp %rcx, %rax
  jne bad
  mov size32(%rip), %ecx
  cmp $12, %ecx
  jne bad
  mov byte8(%rip), %cl
  cmp $0x42, %cl
  jne bad
  movw word16(%rip), %cx
  cmp $0x4243, %cx
  jne bad
  xor %eax, %eax
  ret
bad: mov $1, %eax
  ret
.data
abs64: .quad v
pc32: .long v - .
pc64: .quad v - .
size32: .long v@SIZE
byte8: .byte small
word16: .word medium
.type v, @object
.size v, 12
v: .space 12
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC -no-pie m.o -Wl,--defsym=small=0x42 -Wl,--defsym=medium=0x4243 -o m
./m
sane m
