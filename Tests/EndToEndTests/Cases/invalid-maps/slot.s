# An input that claims the section of a slot.
 .text
 ret
 .section .slot.crc,"a",@progbits
 .long 1
