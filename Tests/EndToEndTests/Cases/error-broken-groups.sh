#!/bin/bash
# Contradictions in section groups are errors that name the file and the group, for -r too. GNU ld
# refuses some and lld others; a group that some linker cannot understand is not worth a guess.
# machines: x86_64 aarch64 riscv64 (damages records of 64-bit files)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
cat >m.s <<'END'
.globl _start
_start: ret
.section .text.a,"axG",@progbits,a,comdat
.weak a
a: ret
.section .data.a,"awG",@progbits,a,comdat
.quad a
.section .text.b,"axG",@progbits,b,comdat
.weak b
b: ret
END
as m.s -o m.o
[ "$(readelf -SW m.o | sed -n 's/^ *\[ *\([12]\)\] \.group .*/\1/p' | tr '\n' ' ')" = "1 2 " ]
# refuse EDIT WORDS : the object with the edit is refused with these words.
refuse() {
  python3 "$CASES/patch-elf.py" m.o bad.o "$1"
  for options in "" -r; do
    expect_fail $SWOLD $options bad.o -o out
    says "bad\.o: .*$2"
  done
}
refuse 1@4/4=0 'section group 1 has section 0 as a member'
refuse 1@4/4=999 'section group 1 has section 999 as a member, and the file has'
refuse 1@4/4=1 'section group 1 .*, which is the group'
refuse 1@4/4=.symtab 'section group 1 .*, which is the symbol table'
refuse 1@8/4=.text.a 'member of section group 1 and is named there twice'
refuse 2@4/4=.text.a 'member of section group 1 and of 2'
refuse 1@0/4=3 'section group 1 has the flags 0x3'
refuse 1@0/4=0x10000001 'section group 1 has the flags 0x10000001'
refuse 1:entry=8 'section group 1 has entries of 8 bytes'
refuse 1:link=.text 'section group 1 is not linked to the symbol table'
refuse 1:info=99 'section group 1 names symbol 99'
refuse 1:size=6 'section group 1 .*broken size'
refuse 1:size=0 'section group 1 .*broken size'

# Harmless: a group without members, sections that say nothing of their group or too much.
for edit in 1:size=4 .text.a:flags=6 .text:flags=0x206; do
  python3 "$CASES/patch-elf.py" m.o odd.o $edit
  $SWOLD odd.o -o out
done
