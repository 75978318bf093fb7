#!/bin/bash
# A distance inside a section that is not loaded counts from where the input section came to lie.
# machines: x86_64 aarch64 riscv64 (words of 8 bytes)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.section .map, ""
.quad 1
here: .long there - .
.quad there - .
.section .other, ""
.quad 2, 3
there: .quad 4
END
# The assembler solves what it knows, so the distance crosses sections.
as a.s -o a.o
echo '.globl _start; _start: ret' | as -o s.o
$SWOLD s.o a.o a.o -o m
# The second `.map` is at 20, the second `.other` at 24, so its `there` at 40.
first=0100000000000000,08000000,0400000000000000
second=0100000000000000,0c000000,0800000000000000
[ "$(contents m .map)" = "${first//,/}${second//,/}" ] || fail "$(contents m .map)"
