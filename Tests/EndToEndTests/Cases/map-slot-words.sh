#!/bin/bash
# `word u32 e;` in a slot: values and addresses in the byte order of the target; what does not fit, or would have to be relocated, is
# an error.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start, marker
.text
marker: nop
_start: nop
.section .extra, "ax"
.globl extra
extra: nop
END
as a.s -o a.o
cat >m.smap <<'END'
smap 1; pages none;
region rom { at 0x1000; size 4 KiB; end stack; }
place in rom {
    slot vectors { align 4; word u32 sym(stack), sym(_start); word u16 0xbeef; word u8 size(.text) % 256; word u64 -2; size 24; fill 0xff; }
    section .text { take .text; slot magic { word u32 start(.extra); } }
    section .extra { keep take .extra; }
}
END
"$SWOLD" --gc-sections -e marker --section-map m.smap a.o -o a
start=$(printf '%08x' "0x$(address a _start)")
extra=$(printf '%08x' "0x$(readelf -SW a | sed -n 's/.* \.extra *PROGBITS *\([0-9a-f]*\).*/\1/p')")
swap() { echo "${1:6:2}${1:4:2}${1:2:2}${1:0:2}"; }
objcopy -O binary -j .slot.vectors a vectors
size=$(readelf -SW a | sed -n 's/.* \.text *PROGBITS *[0-9a-f]* *[0-9a-f]* \([0-9a-f]*\).*/\1/p')
[ "$(xxd -p vectors)" = "00200000$(swap "$start")efbe${size:4:2}feffffffffffffffffffffffff" ] || fail "$(xxd -p vectors)"
objcopy -O binary -j .text a text
[ "$(xxd -p -s -4 text)" = "$(swap "$extra")" ] || fail "$(xxd -p text)"

sed 's/word u16 0xbeef/word u16 0x1beef/' m.smap >big.smap
expect_fail "$SWOLD" --section-map big.smap a.o -o b
says 'SM004.: 114415 does not fit 16 bits'
sed 's/size 24/size 8/' m.smap >small.smap
expect_fail "$SWOLD" --section-map small.smap a.o -o b
says "SM306.: slot 'vectors' has 8 bytes, and its words need 19"
sed 's/sym(_start)/sym(absent)/' m.smap >absent.smap
expect_fail "$SWOLD" --section-map absent.smap a.o -o b
says "SM206.: no symbol 'absent' is defined"
