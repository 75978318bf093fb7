.ifndef SECOND
.globl _start
.text
_start: .space 100, 0x90
.section .last_section, "a"
.quad 0x1234
.else
.text
.space 31, 0x90
.endif
.section .fast, "ax"
.balign 16
.space 50, 0x90
.data
.balign 8
.space 61, 3
.section .shared, "aw"
.balign 4
.space 13, 4
.bss
.balign 4
.space 21
