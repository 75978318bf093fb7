#!/bin/bash
# What is larger than 32 bits of addresses is an error that names the output, the section and its largest part.
# machines: i386 arm (addresses of 32 bits)
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: exit 0\n.section .tbss, "awT", @nobits\n.skip 16\n' | as -o m.o
printf '.section .tbss, "awT", @nobits\n.skip 0xfffffff0\n' | as -o big.o
expect_fail $SWOLD m.o big.o -o out
says 'out: \.tbss reaches beyond the last address; .*\(its largest part is big\.o:\(\.tbss\)\)'
[ ! -e out ]
