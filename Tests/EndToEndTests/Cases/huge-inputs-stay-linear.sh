#!/bin/bash
# Very many symbols, sections, groups of strings or errors take time in proportion, not its square.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
lines() { python3 -c "for i in range($1): print('$2' % ((i,) * '$2'.count('%')))"; }
link() { timeout 20 $SWOLD "$@" -o out; }

{ echo '.globl _start'; echo '_start: ret'; lines 20000 '.section names_%d,"MS",@progbits,1\n.asciz "x"'; } >m.s
as m.s -o m.o
link m.o
[ "$(readelf -SW out | grep -c names_)" = 20000 ]

{ echo '.globl _start'; echo '_start: ret'; lines 20000 '.quad __start_s%d'; lines 20000 '.section s%d,"a"\n.long 1'; } >m.s
as m.s -o m.o
link m.o
link m.o -Map=map

{ echo '.globl _start'; echo '_start: ret'; lines 50000 '.quad undefined_%d'; } >m.s
as m.s -o m.o
expect_fail timeout 20 $SWOLD m.o -o none
says 'undefined_0'

{ lines 30000 '.globl d%d\n.type d%d,STT_OBJECT\n.size d%d,4\nd%d: .long 1' ; } >d.s
sed -i '1i .data' d.s
gcc -shared -nostdlib d.s -o libd.so
{ echo '.globl _start'; echo '_start: ret'; lines 30000 '.long d%d'; } >m.s
as m.s -o m.o
link m.o libd.so
[ "$(readelf -rW out | grep -c "${R}COPY")" = 30000 ]
