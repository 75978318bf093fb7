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
gcc -c a.s b.s
$SWOLD -r a.o b.o -o ab.o
[ "$(count 'R_X86_64_64 .* inside' readelf -rW ab.o)" = 3 ]
[ "$(count 'R_X86_64_64 ' readelf -rW ab.o)" = 3 ]
# A pair of zeros would end the list of ranges.
case $(contents ab.o .debug_ranges) in *01000000000000000100000000000000) ;; *) fail tombstone ;; esac
printf '.data\n.quad inside\n' >>b.s
gcc -c b.s
expect_fail $SWOLD -r a.o b.o -o ab.o
says 'discarded.*inside'
says 'b.o:\(.data'
