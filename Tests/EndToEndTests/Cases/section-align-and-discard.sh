#!/bin/bash
# --section-align raises the alignment of an output section; --discard-section leaves input sections of a
# name out, loaded or not.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >s.s <<'X'
.globl _start
_start: mov $60, %eax; xor %edi, %edi; syscall
.data
.quad 1
.section odd,"aw"
.quad 2
.section .trash,"a"
.quad 3
.section .remark
.ascii "text"
X
as s.s -o s.o
$SWOLD s.o --section-align=.text=4096 --section-align=odd=0x100 --section-align=.data=1 -o s && ./s
[ "$(section s .text align)" = 4096 ]
[ $((0x$(section s .text address) % 4096)) = 0 ]
[ "$(section s odd align)" = 256 ]
[ $((0x$(section s odd address) % 256)) = 0 ]
ld.mold -m elf_x86_64 s.o --section-align=.text=4096 -o by-mold
[ "$(section by-mold .text align)" = "$(section s .text align)" ]
for bad in .text=3 .text .text=0 .text=0x200000000; do
  expect_fail $SWOLD s.o --section-align=$bad -o no
done

$SWOLD s.o --discard-section=.trash --discard-section=.remark --discard-section=odd --no-discard-section=odd -o s && ./s
has_no_section s .trash
has_no_section s .remark
has_section s odd
has_section s .comment
sane_image s
printf '.globl _start\n_start: lea .Lx(%%rip), %%rax\n.section .trash,"a"\n.Lx: .quad 3\n' >t.s && as t.s -o t.o
expect_fail $SWOLD t.o --discard-section=.trash -o no
says 'refers to section \.trash'
expect_fail $SWOLD -r s.o --discard-section=.trash -o no
