#!/bin/bash
# .eh_frame with records that contradict themselves: an error that names file and offset, where lld
# refuses and GNU ld warns and makes no table. -r copies what it cannot read.
# machines: x86_64 (bytes of x86-64 frames)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
cat >m.s <<'END'
.globl _start, personality
_start:
.cfi_startproc
.cfi_personality 0x9b, personality
.cfi_lsda 0x1b, table
ret
.cfi_endproc
nop
.cfi_startproc
.cfi_personality 0x9b, personality
.cfi_lsda 0x1b, table
ret
.cfi_endproc
.data
personality: .quad 0
.section .gcc_except_table,"a"
table: .byte 0
END
as m.s -o m.o
# A CIE of 32 bytes with "zPLR" at 9 and its data at 17, then two FDEs of 24 bytes.
contents m.o .eh_frame | grep -q '^1c00000000000000017a504c5200017810079b000000001b1b.*14000000240000'
refuse() {
  python3 "$CASES/patch-elf.py" m.o bad.o "$1"
  expect_fail $SWOLD bad.o -o out
  says "bad\.o:\(\.eh_frame\): $2"
  expect_fail $SWOLD --gc-sections bad.o -o out
  says "bad\.o:\(\.eh_frame\): $2"
  $SWOLD -r bad.o -o out || [ "$3" = both ]
}
refuse .eh_frame@8/1=0 'has a CIE of version 0' -
refuse .eh_frame@8/1=4 'has a CIE of version 4' -
refuse .eh_frame@10/1=0x51 "has a CIE with the augmentation 'zQLR'" -
refuse .eh_frame@9/4=0x6865 "has a CIE with the unknown augmentation 'eh'" -
refuse .eh_frame@17/1=3 "has a CIE with the augmentation 'zPLR', and too few data" -
refuse .eh_frame@17/1=0x7f 'has a CIE whose augmentation data are longer' -
refuse .eh_frame@18/1=0xff 'has a CIE .* unknown encoding 0xff' -
refuse .eh_frame@24/1=0x0e 'has a CIE .* unknown encoding 0xe' -
refuse .eh_frame@13/8=0xffffffffffffffff 'has a CIE' -
refuse .eh_frame@0/4=4 'has a CIE without content' -
refuse .eh_frame@0/4=0x7fffffff 'has a record of 2147483647 bytes that does not fit' -
refuse .eh_frame@0/4=0xffffffff 'has a 64-bit record' -
refuse .eh_frame@0/4=29 'has a record .* that does not fit' -
refuse .eh_frame@4/4=7 'has an FDE whose CIE is not before it' -
refuse .eh_frame@36/4=3 'has an FDE whose CIE is not before it \(offset 0x20\)' -
refuse .eh_frame@60/4=28 'has an FDE whose CIE is not before it \(offset 0x38\)' -
refuse .eh_frame@36/4=0xfffffff0 'has an FDE whose CIE is not before it' -
refuse .eh_frame@32/4=8 'has an FDE of 8 bytes' -
refuse .eh_frame@32/4=0 'has a CIE with more relocations' -
refuse .eh_frame@56/4=0x1000 'has a record of 4096 bytes that does not fit' -
refuse .eh_frame:size=78 'has a record of 20 bytes that does not fit' -
refuse .rela.eh_frame@24/8=44 'has an FDE whose first relocation is not its function' -
refuse .rela.eh_frame@96/8=88 'has a relocation behind its records' both
