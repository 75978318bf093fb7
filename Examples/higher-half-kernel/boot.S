# From 32-bit protected mode, paging off (the PVH entry), to 64-bit code in the higher half.
#
# The page tables map the first GiB twice, to itself and to KERNEL_VMA, with pages of 2 MiB.

.set XEN_ELFNOTE_PHYS32_ENTRY, 18

.section .note.Xen, "a", @note
.balign 4
.long 4, 8, XEN_ELFNOTE_PHYS32_ENTRY
.ascii "Xen\0"
.quad boot_start

.section .boot.text, "ax"
.code32
.globl boot_start
boot_start:
  cld
  # Page directory: 512 entries of 2 MiB, present, writable, large.
  mov $page_directory, %edi
  mov $0x83, %eax
  mov $512, %ecx
1:
  mov %eax, (%edi)
  add $0x200000, %eax
  add $8, %edi
  loop 1b
  # Present and writable.
  movl $page_directory + 3, low_pointers
  movl $page_directory + 3, high_pointers + 510 * 8
  movl $low_pointers + 3, page_map
  movl $high_pointers + 3, page_map + 511 * 8

  mov %cr4, %eax
  or $0x20, %eax                 # PAE
  mov %eax, %cr4
  mov $page_map, %eax
  mov %eax, %cr3
  mov $0xc0000080, %ecx          # EFER
  rdmsr
  or $0x100, %eax                # LME
  wrmsr
  mov %cr0, %eax
  or $0x80000000, %eax           # PG
  mov %eax, %cr0
  lgdt descriptor_table_pointer
  ljmp $8, $boot_long

.code64
boot_long:
  mov $16, %eax
  mov %eax, %ds
  mov %eax, %es
  mov %eax, %ss
  movabs $kernel_start, %rax
  jmp *%rax

.section .boot.data, "aw"
.balign 8
descriptor_table:
  .quad 0
  .quad 0x00af9a000000ffff       # 64-bit code
  .quad 0x00cf92000000ffff       # data
descriptor_table_pointer:
  .short . - descriptor_table - 1
  .long descriptor_table

.section .boot.bss, "aw", @nobits
.balign 4096
page_map: .space 4096
low_pointers: .space 4096
high_pointers: .space 4096
page_directory: .space 4096

.text
kernel_start:
  mov $stack_top, %rsp
  call kernel_main
  # The device isa-debug-exit,iobase=0xf4 ends QEMU with code 2 * 0x10 + 1.
  mov $0x10, %eax
  mov $0xf4, %edx
  out %eax, %dx
2:
  hlt
  jmp 2b
.section .note.GNU-stack, "", @progbits
