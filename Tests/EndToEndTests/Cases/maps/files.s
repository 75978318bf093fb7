.ifndef SECOND
.globl _start
.text
_start: .space 100, 0x90
.else
.text
.space 55, 0x90
.endif
.section .text.x, "ax"
.space 7, 0x90
.section .rodata, "a"
.balign 2
.space 31, 1
.data
.balign 4
.space 10, 3
