#!/bin/bash
# SIZE relocations of a common symbol say the size that it got, the largest of all; in a library the
# size of what nobody here defines is looked up, in 32 bits, too.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
_start: ret
.comm c, 4
.data
.quad c@SIZE
.long c@SIZE
.section .debug_x, ""
.quad c@SIZE
END
as a.s -o a.o
echo '.comm c, 100' | as -o b.o
for order in 'a.o b.o' 'b.o a.o'; do
  $SWOLD $order -o m
  [ "$(contents m .data)" = 640000000000000064000000 ]
  [ "$(contents m .debug_x)" = 6400000000000000 ]
done
printf '.data\n.quad u@SIZE + 1\n.long u@SIZE\n' | as -o u.o
$SWOLD -shared u.o -o u.so
shows 'R_X86_64_SIZE64 .* u \+ 1' readelf -rW u.so
shows 'R_X86_64_SIZE32 .* u \+ 0' readelf -rW u.so
