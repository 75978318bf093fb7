#!/bin/bash
# Sections without bytes that add up to more than an address space are an error, and so are addresses
# behind the last one.
# machines: x86_64 aarch64 riscv64 (sizes of 64-bit records and words)
. "$(dirname "$0")/../prelude.sh"

{ echo '.globl _start'; echo '_start: ret'
  for i in 1 2 3; do echo ".section .bss.b$i,\"aw\",@nobits"; echo ".zero 0x3fffffffffff"; done; } >m.s
as m.s -o m.o
expect_fail $SWOLD m.o -o out
says 'out.*\.bss.*m\.o:\(\.bss\.b[123]\) with 70368744177663 bytes'
[ ! -e out ]
printf '.globl _start\n_start: ret\n.data\n.space 4096\n' >d.s
as d.s -o d.o
expect_fail $SWOLD d.o -Tdata=0xfffffffffffff800 -o out
says '\.data'
printf '.comm big, 0x800000000000, 8\n.globl _start\n_start: ret\n' >c.s
as c.s -o c.o
expect_fail $SWOLD c.o -o out
says 'c\.o|out'
