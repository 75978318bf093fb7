#!/bin/bash
# --noinhibit-exec writes the output in spite of all that leaves one to write, and ends with 0. (GNU
# ld refuses a missing -fPIC all the same, lld and mold do not.)
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

assemble() { printf '%b\n' "$2" '.section .note.GNU-stack,"",@progbits' | as --keep-locals -o $1.o -; }
assemble undefined '.globl _start\n_start: call gone\n.data\n.quad gone'
assemble hidden '.hidden gone\n.globl f\nf: call gone'
assemble one '.globl _start, x\n_start: ret\nx: nop'
assemble two '.globl x\nx: ret'
assemble far '.globl _start\n_start: mov far, %eax\n.byte far'
assemble pic '.globl _start\n_start: mov $g, %eax\n.data\n.globl g\ng: .quad 0'
assemble text '.globl _start\n_start: movabs $g, %rax\n.data\n.globl g\ng: .quad 0'
group='.section .text.f,"axG",@progbits,f,comdat\n.weak f\nf: ret'
assemble first "$group\n.globl _start\n.text\n_start: call f"
assemble dropped "$group\n.Lx: ret\n.data\n.quad .Lx"
assemble type '.globl _start\n_start: ret\n.data\n.reloc 0, R_X86_64_RELATIVE, 5\n.quad 0'
assemble outside '.globl _start\n_start: ret\n.data\n.reloc 6, R_X86_64_64, _start\n.quad 0'
echo '{ global: nosuch; local: *; };' >v.txt

while read -r pattern arguments; do
  expect_fail $SWOLD $arguments -o refused
  says "error: .*$pattern"
  [ ! -e refused ]
  rm -f out
  $SWOLD --noinhibit-exec $arguments -o out 2>err
  grep -q "warning: .*$pattern" err
  ! grep error: err
  readelf -SW out >/dev/null
done <<'END'
undefined.symbol undefined.o
undefined.symbol -shared -z defs undefined.o
undefined.symbol -shared hidden.o
duplicate.symbol one.o two.o
duplicate.symbol -r one.o two.o
out.of.range --defsym=far=0x123456789ab far.o
cannot.be.used -shared pic.o
cannot.be.used -pie pic.o
in.a.read-only.section -pie -z text text.o
discarded.section first.o dropped.o
belongs.in.linked.files type.o
outside.its.section outside.o
zz.is.not.defined --require-defined=zz one.o
nosuch -shared --no-undefined-version --version-script=v.txt one.o
END
# What leaves nothing to write still does not.
expect_fail $SWOLD --noinhibit-exec one.o -lnosuchlibrary -o out2
expect_fail $SWOLD --noinhibit-exec one.o nosuch.o -o out2
[ ! -e out2 ]
