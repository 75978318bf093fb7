#!/bin/bash
# Fixed-size constants merge; their alignment holds.
. "$(dirname "$0")/../prelude.sh"

for f in a b; do
  cat >$f.s <<END
.data
.balign 8
.globl number_$f, bytes_$f
number_$f: .quad .Lc
bytes_$f: .quad .Ld
.section .rodata.cst8,"aM",@progbits,8
.balign 8
.Lc: .double 1234.5
.section .rodata.cst16,"aM",@progbits,16
.balign 16
.Ld: .quad 0x1122334455667788, 0x99aabbccddeeff00
.section .note.GNU-stack,"",@progbits
END
  as $f.s -o $f.o
done
cat >m.c <<'END'
extern double *number_a, *number_b;
extern char *bytes_a, *bytes_b;
int main(void) {
  return *number_a + *number_b != 2469 || number_a != number_b || bytes_a != bytes_b || (long)number_a % 8 ||
         (long)bytes_a % 16;
}
END
$CC m.c a.o b.o -o m
./m
[ "$(python3 -c 'import struct; print(open("m","rb").read().count(struct.pack("<QQ",0x1122334455667788,0x99aabbccddeeff00)))')" = 1 ]
sane m
