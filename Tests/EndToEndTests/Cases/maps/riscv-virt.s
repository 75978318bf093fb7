# The sections of a bare-metal program for RISC-V, with code of another machine.
.ifndef SECOND
.set EXTRA, 0
.globl _start
.section .init, "ax"
_start: .space 12, 0x90
.section .trap.entry, "ax"
.balign 4
.space 40, 0x90
.else
.set EXTRA, 5
.endif
.section .text, "ax"
.balign 4
.space 123 + EXTRA, 0x90
.section .text.more, "ax"
.space 11 + EXTRA, 0x90
.section .trap, "ax"
.balign 4
.space 64, 0x90
.section .srodata, "a"
.space 3 + EXTRA, 1
.section .rodata, "a"
.balign 8
.space 99 + EXTRA, 2
.section .rodata.x, "a"
.space 5, 2
.section .data, "aw"
.balign 8
.space 21 + EXTRA, 3
.section .sdata, "aw"
.balign 4
.space 10 + EXTRA, 4
.section .sbss, "aw", @nobits
.space 7 + EXTRA
.section .bss, "aw", @nobits
.balign 32
.space 301 + EXTRA
.ifdef SECOND  # common symbols follow the sections of all files
.comm shared_block, 24, 8
.endif
