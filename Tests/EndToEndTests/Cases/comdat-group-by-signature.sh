#!/bin/bash
# Groups of one signature are one group, whatever their sections are called.
. "$(dirname "$0")/../prelude.sh"

cat >1.s <<'END'
.section .text.one,"axG",@progbits,sig,comdat
.weak f
.type f, @function
f: return 1
.section .note.GNU-stack,"",@progbits
END
sed 's/text\.one/text.two/; s/return 1/return 2/' 1.s >2.s
as 1.s -o 1.o
as 2.s -o 2.o
echo 'int f(void); int main(void) { return f() - 1; }' >m.c
$CC -O0 m.c 1.o 2.o -o m
./m
[ "$(count ' f$' nm m)" = 1 ]
lacks 'GROUP' readelf -SW m
