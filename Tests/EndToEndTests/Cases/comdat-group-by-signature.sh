#!/bin/bash
# Groups of one signature are one group, whatever their sections are called.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >1.s <<'END'
.section .text.one,"axG",@progbits,sig,comdat
.weak f
f: return 1
.section .note.GNU-stack,"",@progbits
END
sed 's/text\.one/text.two/; s/\$1/$2/' 1.s >2.s
as 1.s -o 1.o
as 2.s -o 2.o
echo 'int f(void); int main(void) { return f() - 1; }' >m.c
$CC -O0 m.c 1.o 2.o -o m
./m
lacks 'mov +\$0x2,%eax' objdump -d --disassemble=f m
lacks 'GROUP' readelf -SW m
