# A hosted program without libraries, with all that the built-in layout names.
.ifndef SECOND
.set EXTRA, 0
.globl _start
.text
_start: .space 21, 0x90
.section .rodata, "a"
.quad __executable_start, etext, _etext, edata, _edata, __bss_start, end, _end
.quad __preinit_array_start, __preinit_array_end, __init_array_start, __init_array_end
.quad __fini_array_start, __fini_array_end
.else
.set EXTRA, 3
.endif
.text
.balign 16
.space 40 + EXTRA, 0x90
.section .text.cold_part, "ax"
.space 7 + EXTRA, 0x90
.section .text.unlikely.f, "ax"
.space 13, 0x90
.section .text.unlikely, "ax"
.space 5 + EXTRA, 0x90
.section .text.exit, "ax"
.space 3, 0x90
.section .text.startup, "ax"
.balign 16
.space 30, 0x90
.section .text.hot.g, "ax"
.balign 32
.space 9 + EXTRA, 0x90
.section .init, "ax"
.space 11, 0x90
.section .fini, "ax"
.space 6 + EXTRA, 0x90
.section .rodata.str, "a"
.balign 4
.space 17 + EXTRA, 1
.section .gcc_except_table, "a"
.balign 4
.space 10, 1
.section .tdata, "awT"
.balign 8
.space 16 + 16 * EXTRA, 1   # GNU ld lets the alignment of .tbss move what follows
.section .tbss, "awT", @nobits
.balign 16
.space 20
.section .init_array.00200, "aw", @init_array
.balign 8
.quad 2
.section .init_array, "aw", @init_array
.balign 8
.quad 3
.section .init_array.00100, "aw", @init_array
.balign 8
.quad 1
.section .fini_array, "aw", @fini_array
.balign 8
.quad 4
.section .preinit_array, "aw", @preinit_array
.balign 8
.quad 5
.section .data.rel.ro.local, "aw"
.balign 8
.space 24 + EXTRA, 2
.data
.balign 8
.space 33 + EXTRA, 3
.section .data.x, "aw"
.space 2, 3
.bss
.balign 32
.space 50 + EXTRA
.comm shared_word, 8, 8
