# Prints a line over the first serial port, in real mode, and ends QEMU by its debug device.

.code16
.text
.globl _start
_start:
  ljmp $0, $1f
1:
  xor %ax, %ax
  mov %ax, %ds
  mov $greeting, %si
2:
  lodsb
  test %al, %al
  jz 4f
  mov %al, %ah
3:
  mov $0x3fd, %dx
  in %dx, %al
  test $0x20, %al
  jz 3b
  mov $0x3f8, %dx
  mov %ah, %al
  out %al, %dx
  jmp 2b
4:
  mov $0x10, %al
  mov $0xf4, %dx
  out %al, %dx
5:
  hlt
  jmp 5b

.section .rodata, "a"
greeting:
  .asciz "boot sector placed by a section map\n"

.section .boot_mark, "a"
  .byte 0x55, 0xaa
.section .note.GNU-stack, "", @progbits
