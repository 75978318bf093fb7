.ifndef SECOND
.globl _start
.section .vectors, "a"
.space 8, 1
.section .text.start, "ax"
_start: .space 5, 0x90
.section .text.b, "ax"
.balign 16
.space 9, 0x90
.section .table.20, "a"
.quad 20
.section .table.5, "a"
.quad 5
.else
.section .text.a, "ax"
.balign 8
.space 3, 0x90
.section .table.10, "a"
.quad 10
.endif
.section .header, "a"
.balign 4
.space 12, 2
.data
.balign 64
.space 3, 3
.bss
.space 3
