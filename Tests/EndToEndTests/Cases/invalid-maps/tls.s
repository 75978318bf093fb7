# Thread-local data, with bytes and without.
 .text
 mov %fs:first@tpoff, %eax
 .data
 .long 1
 .section .tdata,"awT",@progbits
first: .long 1
 .section .tbss,"awT",@nobits
 .long 0
