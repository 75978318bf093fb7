#!/bin/bash
# --mri-script: commands of another linker, as far as GNU ld takes them.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

printf '.globl begin\nbegin: mov $value, %%edi; sub $7, %%edi; mov $60, %%eax; syscall\n.data\n.quad 1\n' >a.s
printf '.globl other\nother: ret\n' >b.s
as a.s -o a.o && as b.s -o b.o
cat >script <<'X'
* a comment
load a.o, b.o   ; another
NAME made
START begin
PUBLIC value=7
SECT .data, 0x600000
ALIGN .text=0x100
END
nonsense
X
$SWOLD -c script
./made
[ "$(section made .data address)" = 0000000000600000 ]
[ "$(section made .text align)" = 256 ]
shows ' T other' nm made
ld -e begin -c script -o by-gnu 2>/dev/null && ./by-gnu
printf 'LOAD a.o\nMERGE x\n' >bad
expect_fail $SWOLD -c bad -o no
says 'bad:2: expected LOAD, NAME'
printf 'LOAD a.o\nSECT .data\n' >bad
expect_fail $SWOLD --mri-script=bad -o no
says 'bad:2: expected SECT SECTION, ADDRESS'
