#!/bin/bash
# Fixed-size constants merge; their alignment holds.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

for f in a b; do
  cat >$f.s <<END
.globl load_$f
.text
load_$f: movsd .Lc(%rip), %xmm0
  movaps .Ld(%rip), %xmm1
  ret
.section .rodata.cst8,"aM",@progbits,8
.balign 8
.Lc: .double 1234.5
.section .rodata.cst16,"aM",@progbits,16
.balign 16
.Ld: .quad 0x1122334455667788, 0x99aabbccddeeff00
.section .note.GNU-stack,"",@progbits
END
  gcc -c $f.s
done
echo 'double load_a(void), load_b(void); int main(void) { return load_a() + load_b() != 2469; }' >m.c
$CC m.c a.o b.o -o m
./m
[ "$(python3 -c 'import struct; print(open("m","rb").read().count(struct.pack("<QQ",0x1122334455667788,0x99aabbccddeeff00)))')" = 1 ]
sane m
