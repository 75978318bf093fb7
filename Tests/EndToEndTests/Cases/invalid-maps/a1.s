# Input of the maps that say `with: a1.s`; assemble it to a1.o (any ELF target).
 .section .text.hot.render,"ax",@progbits
 .space 64
 .section .text.foo,"ax",@progbits
 .space 300
 .section .vendor,"a",@progbits
 .space 8
 .section .got,"aw",@progbits
 .space 8
 .section .data,"aw",@progbits
 .long 1
 .space 6
