#!/bin/bash
# A load from the GOT becomes a computation only where the target is within 2 GiB; all others stay.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

echo 'char big[3000L * 1000 * 1000]; char far[16]; int near = 1;' >b.c
cat >m.c <<'END'
extern char big[], far[]; extern int near;
int main(void) { far[1] = 2; return big[0] + far[0] + (near - 1) + (far - big != 3000000000 && big - far != 16); }
END
gcc -fPIC -c b.c m.c
for style in -no-pie -pie; do
  $CC $style m.o b.o -o m
  ./m
done
shows 'lea .*<near>' objdump -d --disassemble=main m

cat >p.s <<'END'
.globl _start
_start:
  call *f@GOTPCREL(%rip)
  mov f@GOTPCREL(%rip), %rax
  jmp *g@GOTPCREL(%rip)
g: ret
.section .faraway, "ax"
f: ret
END
as -mrelax-relocations=yes p.s -o p.o
$SWOLD p.o --section-start=.text=0x401000 --section-start=.got=0x500000 \
  --section-start=.faraway=0x123456789000 -o p
objdump -d -j .text p >code
grep -qE 'call +\*' code
grep -qE 'mov +0x[0-9a-f]+\(%rip\),%rax' code
grep -qE 'jmp +[0-9a-f]+ <g>' code
contents p .got | grep -q 0090785634120000
