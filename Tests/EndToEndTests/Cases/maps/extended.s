# Hot functions in the order of a file, a pinned table, plug-ins that register themselves.
# objects: app_first.o app_second.o library.o
# maps: hot-functions plugins
.ifndef SECOND
.globl _start
.text
_start: .space 21, 0x90
.section .rodata, "a"
.quad fixed_table_begin, fixed_table_end, __plugins_size, __hot_start, __hot_end, end
.section .text.first, "ax"
.globl first
first: .space 14, 0x90
.set EXTRA, 0
.else
.set EXTRA, SECOND * 4
.endif
.if EXTRA == 4
.section .text.third, "ax"
.globl third
third: .space 10, 0x90
.endif
.section .text.second, "ax"
.balign 8
.space 22 + EXTRA, 0x90
.section .text.hot.b, "ax"
.balign 4
.space 9 + EXTRA, 0x90
.section .text.hot.a, "ax"
.space 3 + EXTRA, 0x90
.section .text.unlikely.z, "ax"
.space 13, 0x90
.section .text.startup, "ax"
.balign 16
.space 30, 0x90
.section .text._GLOBAL__sub_I_x, "ax"
.space 5, 0x90
.data
.balign 8
.space 33 + EXTRA, 3
.section plugins.50_http, "aw"
.quad EXTRA
.section plugins.10_log, "aw"
.quad EXTRA
.section plugins.90_last, "aw"
.long EXTRA
.section .fixed_table.one, "a"
.balign 8
.space 40 + EXTRA, 4
.section .note.build-host, "", @note
.long 1
.bss
.balign 16
.space 20 + EXTRA
