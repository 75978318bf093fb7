# The sections of a kernel in the higher half.
.ifndef SECOND
.set EXTRA, 0
.section .multiboot2, "a"
.balign 8
.long 1, 2, 3, 4
.globl boot_start
.section .boot.text, "ax"
boot_start: .space 50, 0x90
.section .boot.data, "aw"
.balign 8
.space 24, 1
.section .boot.bss, "aw", @nobits
.balign 4096
.space 8192
.else
.set EXTRA, 11
.section .boot.text.more, "ax"
.space 13, 0x90
.endif
.text
.balign 16
.space 200 + EXTRA, 0x90
.section .text.cold, "ax"
.space 33 + EXTRA, 0x90
.section .rodata, "a"
.balign 32
.space 80 + EXTRA, 1
.section .rodata.str, "a"
.space 17, 1
.ifndef SECOND
.section ___ksymtab+zeta, "a"
.balign 8
.quad 26
.section ___ksymtab+alpha, "a"
.balign 8
.quad 1
.else
.section ___ksymtab+mid, "a"
.balign 8
.quad 13
.endif
.data
.balign 8
.space 100 + EXTRA, 2
.section .data.init, "aw"
.space 5 + EXTRA, 2
.section .data..percpu, "aw"
.balign 64
.space 30 + EXTRA, 3
.bss
.balign 16
.space 500 + EXTRA
.ifdef SECOND  # common symbols follow the sections of all files
.comm shared_block, 64, 64
.endif
.section .note.kernel, "a", @note
.long 4, 0, 1
.ascii "abc\0"
