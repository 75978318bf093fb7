#!/bin/bash
# Of the .gnu.linkonce sections of one name the first is kept.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >$n.s <<END
.section .gnu.linkonce.t.f,"ax",@progbits
.weak f
f: mov \$0x1234567$n, %eax
  ret
.section .note.GNU-stack,"",@progbits
END
  as $n.s -o $n.o
done
echo 'int f(void); int main(void) { return f() != 0x12345671; }' >m.c
$CC -O0 m.c 1.o 2.o -o m
./m
shows 'mov +\$0x12345671,%eax' objdump -d m
lacks 'mov +\$0x12345672,%eax' objdump -d m
