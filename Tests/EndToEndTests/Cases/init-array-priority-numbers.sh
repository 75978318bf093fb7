#!/bin/bash
# Priorities are compared as numbers, not as text.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.section .init_array.1000,"aw",@init_array
  .quad f1000
.section .init_array.200,"aw",@init_array
  .quad f200
.section .init_array.00300,"aw",@init_array
  .quad f300
.text
f200: movb $'a', %al
  jmp put
f300: movb $'b', %al
  jmp put
f1000: movb $'c', %al
put: mov n(%rip), %ecx
  lea text(%rip), %rdx
  mov %al, (%rdx,%rcx)
  incl n(%rip)
  ret
.globl main
main: sub $8, %rsp
  lea text(%rip), %rdi
  call puts@PLT
  xor %eax, %eax
  add $8, %rsp
  ret
.data
n: .long 0
text: .space 8
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
$CC m.o -o m
[ "$(./m)" = abc ]
