// An image for QEMU's board `virt`: entered at EL1 with the MMU off.

.section .vectors, "ax"
.macro vector handler
  .balign 128
  b \handler
.endm
.globl vectors
vectors:
  .rept 4                         // current level, SP_EL0
    vector unexpected
  .endr
  vector on_exception             // current level, SP_ELx: synchronous
  .rept 11
    vector unexpected
  .endr

// The first instruction of a flat image is where it is entered.
.section .start, "ax"
.globl _start
_start:
  ldr x0, =stack_top
  mov sp, x0
  ldr x0, =vectors
  msr vbar_el1, x0
  mov x0, #3 << 20                // floating point and vectors do not trap
  msr cpacr_el1, x0
  isb
  adrp x0, bss_start
  add x0, x0, :lo12:bss_start
  adrp x1, bss_end
  add x1, x1, :lo12:bss_end
1:
  cmp x0, x1
  b.hs 2f
  stp xzr, xzr, [x0], #16
  b 1b
2:
  bl kernel_main
  b stop

.text
// A supervisor call counts itself and goes on.
on_exception:
  stp x0, x1, [sp, #-16]!
  adrp x0, calls
  ldr w1, [x0, :lo12:calls]
  add w1, w1, #1
  str w1, [x0, :lo12:calls]
  ldp x0, x1, [sp], #16
  eret

unexpected:
  mov w0, #1
// SYS_EXIT_EXTENDED of semihosting: reason ADP_Stopped_ApplicationExit, and the code in X0.
.globl stop
stop:
  adrp x1, exit_words
  add x1, x1, :lo12:exit_words
  str x0, [x1, #8]
  mov w0, #0x20
  hlt #0xf000
3:
  wfi
  b 3b

.data
.balign 8
exit_words:
  .quad 0x20026, 0
.section .note.GNU-stack, "", %progbits
