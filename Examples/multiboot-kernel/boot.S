# A Multiboot kernel (Multiboot Specification 0.6.96): the loader leaves us in 32-bit protected mode,
# paging off, interrupts off, with its magic number in EAX.

.set MAGIC, 0x1badb002
.set FLAGS, 0x00000003              # modules on page boundaries, tell about memory

.section .multiboot, "a"
.balign 4
.long MAGIC, FLAGS, -(MAGIC + FLAGS)

.text
.globl _start
_start:
  mov $stack_top, %esp
  xor %ebp, %ebp
  push %ebx                         # what the loader knows
  push %eax                         # its magic number
  call kernel_main
  # The device isa-debug-exit,iobase=0xf4 ends QEMU with code 2 * AL + 1.
  mov $0xf4, %edx
  out %eax, %dx
1:
  hlt
  jmp 1b
.section .note.GNU-stack, "", @progbits
