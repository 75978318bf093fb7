.ifndef SECOND
.globl _start
.text
_start: .space 364, 0x90
.section .task1, "aw"
.space 700, 1
.section .task2, "aw"
.space 129, 2
.else
.text
.space 1, 0x90
.section .task1, "aw"
.space 3, 1
.endif
.data
.space 10, 3
