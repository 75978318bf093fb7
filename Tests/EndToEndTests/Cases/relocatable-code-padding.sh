#!/bin/bash
# -r pads code with instructions that do nothing: pieces of .init run into each other.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

printf '.section .init.mine,"ax"\n.globl f\nf: xor %%eax, %%eax\n' >a.s
printf '.section .init.mine,"ax"\n.balign 16\nret\n' >b.s
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c a.s b.s m.c
$SWOLD -r a.o b.o -o ab.o
sane ab.o
[ "$(section ab.o .init.mine size)" = 000011 ]
lacks 'int3|add|\(bad\)' objdump -d --no-show-raw-insn ab.o
$CC ab.o m.o -o m
./m
