#!/bin/bash
# Section headers that contradict themselves or point nowhere are errors that name the section, for
# -r too: what lld or GNU ld refuses.
# machines: x86_64 aarch64 riscv64 (damages records of 64-bit files)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
cat >m.s <<'END'
.globl _start
_start: ret
.section strings,"aMS",@progbits,1
.asciz "hello"
.section wide,"aMS",@progbits,4
.long 65, 0
.section constants,"aM",@progbits,8
.quad 1, 2
.section pointers,"aw"
.quad constants + 8, strings
.section local,"awT"
.quad 1
.section meta,"ao",@progbits,.text
.quad 2
.section plain
.quad 3
END
as m.s -o m.o
refuse() {
  python3 "$CASES/patch-elf.py" m.o bad.o "$1"
  for options in "" -r; do
    expect_fail $SWOLD $options bad.o -o out
    says "bad\.o: .*$2"
  done
}
refuse constants:size=12 'section constants is made of pieces of 8 bytes.* has 12'
refuse constants:entry=7 'section constants is made of pieces of 7 bytes'
refuse constants:entry=0x8000000000000000 'section constants is made of pieces'
refuse wide:size=6 'section wide is made of pieces of 4 bytes'
refuse strings:size=5 'section strings has a string that does not end'
refuse wide@4/4=1 'section wide has a string that does not end'
refuse constants:flags=0x13 'section constants may be written and merged'
refuse local:flags=0x401 'section local is thread-local and not loaded'
refuse meta:link=99 'section meta is linked to section 99'
refuse meta:link=.symtab 'section meta is to follow section [0-9]+ .* table of the file'
refuse plain:link=99 'section plain is linked to section 99'
refuse .relapointers:info=0 'relocations .relapointers are for section 0'
refuse .relapointers:info=.symtab 'relocations .relapointers are for section .* table of the file'
refuse .relapointers:info=.relapointers 'relocations .relapointers are for section .* table of the file'
refuse plain:align=3 'section plain has alignment 3'
refuse plain:align=0x200000000 'section plain has alignment 8589934592'

# Harmless: numbers where they have no meaning, and mergeable sections that say nothing of their size.
for edit in plain:entry=77 plain:info=77 plain:addr=77 constants:entry=0 strings:entry=0 plain:flags=0x5; do
  python3 "$CASES/patch-elf.py" m.o odd.o $edit
  $SWOLD odd.o -o out
  $SWOLD -r odd.o -o out
done
