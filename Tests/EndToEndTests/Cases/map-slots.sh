#!/bin/bash
# Slots: sections, symbols and the registry that the editor reads.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <stdint.h>
extern const uint8_t __slot_crc[4], __slot_crc_start[], __slot_crc_end[];
const uint8_t *const where[] = {__slot_crc, __slot_crc_end};
void _start(void) { for (;;); }
END
gcc -c -O1 -ffreestanding -fno-pic -fno-asynchronous-unwind-tables a.c -o a.o
cat >layout.smap <<'END'
smap 1;
pages none; entry _start;
region flash { at 0x1000; size 4 KiB; fill 0xff; }
place in flash {
    section .vectors { align 16; slot stack_top { size 4; align 4; } reserve 12; }
    section .text { take @code; }
    section .rodata { take @rodata; }
    slot ident { size 64; align 8; fill 0x11_22_33_44; }
    slot crc { high; size 4; align 4; fill 0xff; }
    slot sig { high; size 256; align 16; fill 0xff; required; }
}
spare phdrs 2;
discard .comment .note+;
END
sed -i 's/0x11_22_33_44/0x1122_3344/' layout.smap
$SWOLD --section-map layout.smap a.o -o a
sane_image a
[ "$(section a .slot.crc address)" = 0000000000001ffc ]
[ "$(section a .slot.sig address)" = 0000000000001ef0 ]
[ "$(section a .slot.ident size)" = 000040 ]
case $(contents a .slot.ident) in 1122334411223344*) ;; *) fail "wrong fill" ;; esac
[ "$(contents a .slot.crc)" = ffffffff ]
zeros=00000000
[ $BITS = 64 ] || zeros=
[ "$(contents a .rodata)" = fc1f0000${zeros}00200000$zeros ]
shows ' 4 OBJECT .* __slot_crc$' readelf -sW a
[ "$(address a __slot_stack_top)" = 0000000000001000 ]
[ $(count '^  NULL' readelf -lW a) = 2 ]
# The registry: five records of the owner SWOLD, not loaded.
[ "$(section a .note.swold.slots type)" = NOTE ]
[ "$(section a .note.swold.slots flags)" = '' ]
[ $(count '^  SWOLD ' readelf -nW a) = 5 ]
# A section of the program may not claim a slot's name.
echo '.section .slot.crc, "a"; .long 1' | as -o b.o
expect_fail $SWOLD --section-map layout.smap a.o b.o -o b
says 'SM311'
