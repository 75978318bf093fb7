# Hart 0 of QEMU's board `virt` begins at the start of the image; the other harts wait.

.option arch, +zicsr
.section .init, "ax"
.globl _start
_start:
  csrr t0, mhartid
  bnez t0, park
.option push
.option norelax
  la gp, __global_pointer$          # before anything that is addressed from it
.option pop
  la sp, stack_top
  la tp, __tls_base                 # the only thread's variables, errno among them
  la t0, on_trap
  csrw mtvec, t0

  la t0, data_image
  la t1, data_start
  la t2, data_end
1:
  bgeu t1, t2, 2f
  ld t3, (t0)
  sd t3, (t1)
  addi t0, t0, 8
  addi t1, t1, 8
  j 1b
2:
  la t1, bss_start
  la t2, bss_end
3:
  bgeu t1, t2, 4f
  sd zero, (t1)
  addi t1, t1, 8
  j 3b
4:
  call __libc_init_array
  call main
  tail stop

park:
  wfi
  j park

.text
.balign 4
# An environment call counts itself and goes on.
on_trap:
  csrw mscratch, t0
  csrr t0, mcause
  addi t0, t0, -11                  # environment call from M-mode
  bnez t0, unexpected
  csrr t0, mepc
  addi t0, t0, 4
  csrw mepc, t0
  lw t0, calls
  addi t0, t0, 1
  sw t0, calls, t1
  csrr t0, mscratch
  mret
unexpected:
  li a0, 3

# Ends QEMU with the code in a0: the test device takes 0x5555 for 0, and code << 16 | 0x3333 else.
.globl stop
stop:
  li t0, 0x100000
  li t1, 0x5555
  beqz a0, 5f
  slli t1, a0, 16
  li t2, 0x3333
  or t1, t1, t2
5:
  sw t1, (t0)
6:
  wfi
  j 6b
.section .note.GNU-stack, "", %progbits
