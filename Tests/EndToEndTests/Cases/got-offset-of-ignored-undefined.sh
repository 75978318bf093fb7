#!/bin/bash
# What --unresolved-symbols=ignore-all lets pass is zero, and zero is at no fixed offset from the global
# offset table of a program that may move: an error (GNU ld, lld), at a fixed address a number.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: movabs $gone@GOTOFF, %%rax\n' | as -o a.o
$SWOLD --unresolved-symbols=ignore-all a.o -o m
expect_fail $SWOLD -pie --unresolved-symbols=ignore-all a.o -o m
says 'relocation R_X86_64_GOTOFF64 against gone cannot be used'
