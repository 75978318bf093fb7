.ifndef SECOND
.set EXTRA, 0
.globl _start
.else
.set EXTRA, 32
.endif
.text
.balign 4
.ifndef SECOND
_start:
.endif
.space 364 + EXTRA, 0x90
.ifndef SECOND
.section .vendor, "a"
.quad 1
.section .config, "a"
.balign 4
.space 20, 7
.endif
.data
.balign 2
.space 10 + EXTRA, 3
.bss
.balign 8
.space 40 + EXTRA
