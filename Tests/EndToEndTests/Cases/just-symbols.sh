#!/bin/bash
# --just-symbols, and -R with a file: code is linked against a program that is somewhere in memory already.
# Of the file only the symbols count, as numbers: those of GNU ld and lld.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

printf '.globl service\nnop\nservice: ret\n.data\n.globl state\nstate: .quad 7\nlocal: .quad 1\n.weak maybe\nmaybe: .quad 2\n' >rom.s
printf '.globl _start\n_start: call service; mov state, %%eax; mov $maybe, %%ecx; mov $extra, %%edx\n' >app.s
printf '.globl extra\nextra = 0x1234\n' >object.s
as rom.s -o rom.o && as app.s -o app.o && as object.s -o object.o
$SWOLD -e service -Ttext=0x700000 -Tdata=0x800000 rom.o -o rom
for option in '--just-symbols=rom' '--just-symbols rom' '-R rom'; do
  $SWOLD app.o $option --just-symbols=object.o -o app
  for symbol in service state maybe; do [ "$(address app $symbol)" = "$(address rom $symbol)" ]; done
  shows ' A extra$' nm app
  shows ' A service$' nm app
  lacks ' local$' nm app
  has_no_section app .data
done
objdump -d app | grep -qE 'call +700001 <service>'
for peer in ld ld.lld-19; do
  $peer app.o --just-symbols=rom --just-symbols=object.o -o peer
  for symbol in service state maybe extra; do [ "$(address app $symbol)" = "$(address peer $symbol)" ]; done
done

# A stripped library has exports still.
printf '.globl exported\nexported: ret\n' >lib.s && as lib.s -o lib.o
$SWOLD -shared -s lib.o -o lib.so
printf '.globl _start\n_start: mov $exported, %%eax\n' >user.s && as user.s -o user.o
$SWOLD user.o -R lib.so -o user
[ "$(address user exported)" = "$(nm -D lib.so | sed 's/ .*//')" ]

$SWOLD -e service -s rom.o -o stripped
expect_fail $SWOLD app.o -R stripped -o no
says 'stripped: has no symbol table for --just-symbols'
echo text >words.txt
expect_fail $SWOLD app.o --just-symbols=words.txt -o no
says 'words.txt: --just-symbols takes an ELF file'
expect_fail $SWOLD app.o --just-symbols=missing -o no
says 'cannot open missing: no such file'
head -c 100 rom >short
expect_fail $SWOLD app.o --just-symbols=short -o no
rm short
