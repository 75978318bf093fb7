# The sections of a firmware, with the code of another machine.
.macro room name, flags, size, align=4, type=@progbits
  .section \name, "\flags", \type
  .balign \align
  .space \size + EXTRA, FILLER
.endm
.ifndef SECOND
.set EXTRA, 0
.set FILLER, 0x11
.globl Reset_Handler
.section .isr_vector, "a"
  .long 0x20020000, 1, 2, 3
.section .text, "ax"
Reset_Handler: .space 37, 0x90
.else
.set EXTRA, 3
.set FILLER, 0x22
.endif
room .text.foo, ax, 101, 16
room .ltext, ax, 9
room .rodata, a, 33, 8
room .rodata.str, a, 21, 1
room .init_array, aw, 5-EXTRA, 4, @init_array
room .init_array.00200, aw, 5-EXTRA, 4, @init_array
room .init_array.00100, aw, 5-EXTRA, 4, @init_array
# GNU ld does not align the load address to more than the script says, so 4 is the limit here.
room .data, aw, 50, 4
room .data.x, aw, 7, 1
room .ramfunc, ax, 23, 4
.macro space name, size, align
  .section \name, "aw", @nobits
  .balign \align
  .space \size + EXTRA
.endm
space .bss, 77, 16
space .bss.big, 1000, 4
space .noinit, 12, 4
.ifdef SECOND  # common symbols follow the sections of all files
.comm common_block, 40, 32
.endif
