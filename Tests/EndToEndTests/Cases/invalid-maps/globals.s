# A program: code that refers to data, a section that nothing refers to.
 .globl _start
 .text
_start:
 lea word(%rip), %rax
 .data
word: .quad 1
 .section .config,"a",@progbits
 .quad 2
