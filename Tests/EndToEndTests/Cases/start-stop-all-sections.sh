#!/bin/bash
# --start-stop: sections whose names are no identifiers have bounds, too: as with mold.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >s.s <<'X'
.globl _start
_start: lea __start_text(%rip), %rax; lea __stop_text(%rip), %rbx; lea __start_foo_bar(%rip), %rcx
lea __stop_foo_bar(%rip), %rdx
.section .foo.bar,"aw"
.quad 1, 2
X
as s.s -o s.o
expect_fail $SWOLD s.o -o no
says 'undefined symbol: __start_foo_bar'
$SWOLD --start-stop s.o -o s
ld.mold -m elf_x86_64 --start-stop s.o -o by-mold
for file in s by-mold; do
  [ "$(address $file __start_text)" = "$(section $file .text address)" ]
  [ "$(address $file __start_foo_bar)" = "$(section $file .foo.bar address)" ]
  [ $((0x$(address $file __stop_foo_bar) - 0x$(address $file __start_foo_bar))) = 16 ]
done
printf '.globl _start\n_start: lea __start_absent(%%rip), %%rax\n' >t.s && as t.s -o t.o
expect_fail $SWOLD --start-stop t.o -o no
says 'undefined symbol: __start_absent'
