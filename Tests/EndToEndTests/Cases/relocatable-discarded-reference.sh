#!/bin/bash
# With -r, debug information about a lost copy refers to nothing, and code must not refer to it.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.section .text.g,"axG",@progbits,g,comdat
.weak g
g: nop
inside: ret
.section .debug_info,"",@progbits
.quad inside
.section .debug_ranges,"",@progbits
.quad inside, inside+4
.section .note.GNU-stack,"",@progbits
END
cp a.s b.s
as a.s -o a.o
as b.s -o b.o
$SWOLD -r a.o b.o -o ab.o
[ "$(count "$R_WORD .* inside" readelf -rW ab.o)" = 3 ]
[ "$(count "$R_WORD " readelf -rW ab.o)" = 3 ]
one=0100000000000000
[ $BITS = 64 ] || one=01000000
# A pair of zeros would end the list of ranges.
case $(contents ab.o .debug_ranges) in *"$one$one") ;; *) fail tombstone ;; esac
printf '.data\n.quad inside\n' >>b.s
as b.s -o b.o
expect_fail $SWOLD -r a.o b.o -o ab.o
says 'discarded.*inside'
says 'b.o:\(.data'
