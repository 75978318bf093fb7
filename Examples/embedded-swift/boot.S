// Where a Cortex-M4 begins: the vector table, the copy of .data; and how QEMU is told to end.

.syntax unified
.cpu cortex-m4
.thumb

.section .vectors, "a", %progbits
  .word stack_top, Reset_Handler
  .rept 14
  .word unexpected
  .endr

.section .text.boot, "ax", %progbits
.global Reset_Handler
.type Reset_Handler, %function
Reset_Handler:
  ldr r0, =0xe000ed88               // floating point does not trap
  ldr r1, [r0]
  orr r1, r1, #0xf << 20
  str r1, [r0]
  dsb
  isb
  ldr r0, =data_start
  ldr r1, =data_end
  ldr r2, =data_image
1:
  cmp r0, r1
  bhs 2f
  ldr r3, [r2], #4
  str r3, [r0], #4
  b 1b
2:
  ldr r0, =bss_start
  ldr r1, =bss_end
  movs r2, #0
3:
  cmp r0, r1
  bhs 4f
  str r2, [r0], #4
  b 3b
4:
  bl firmware_main
  b stop

.type unexpected, %function
unexpected:
  movs r0, #3
// SYS_EXIT_EXTENDED of semihosting: reason ADP_Stopped_ApplicationExit, and the code in r0.
.type stop, %function
stop:
  ldr r1, =0x20026
  push {r0, r1}
  pop {r2, r3}
  push {r2}
  push {r3}
  mov r1, sp
  movs r0, #0x20
  bkpt 0xab
5:
  b 5b

// The compiler wants no Swift function of this name.
.global free
.type free, %function
free:
  bx lr
.section .note.GNU-stack, "", %progbits
