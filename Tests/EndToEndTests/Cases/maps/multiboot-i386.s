# The sections of a Multiboot kernel.
.ifndef SECOND
.set EXTRA, 0
.section .multiboot, "a"
.balign 4
.long 0x1badb002, 0, -0x1badb002
.globl _start
.text
_start: .space 77, 0x90
.section .bootstack, "aw", @nobits
.space 4096
.else
.set EXTRA, 7
.text
.space 301, 0x90
.endif
.section .text.more, "ax"
.balign 16
.space 40 + EXTRA, 0x90
.section .rodata, "a"
.balign 4
.space 55 + EXTRA, 1
.section .rodata.str, "a"
.space 9 + EXTRA, 1
.section .init_array, "aw", @init_array
.balign 4
.long 1
.section .init_array.00050, "aw", @init_array
.balign 4
.long 2
.data
.balign 32
.space 70 + EXTRA, 3
.section .data.x, "aw"
.space 3 + EXTRA, 3
.bss
.balign 16
.space 33 + EXTRA
.ifdef SECOND  # common symbols follow the sections of all files
.comm shared_block, 20, 4
.endif
