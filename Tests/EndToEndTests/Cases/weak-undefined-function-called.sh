#!/bin/bash
# A weak function that is called and that nobody defines stays in .symtab, as one whose address is
# taken does: the table says what the program would have used. (lld; GNU ld leaves both out)
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'S'
.weak called, taken
.globl _start
_start: mov $taken, %rax
test %rax, %rax
jnz 1f
test %rdi, %rdi
jmp 1f
call called
1: mov $60, %eax
xor %edi, %edi
syscall
S
as m.s -o m.o
echo '.globl other; other: ret' | as -o l.o
$SWOLD -shared l.o -o libl.so
for arguments in '' -static 'libl.so -rpath .'; do
  $SWOLD m.o $arguments -o m
  ./m
  [ "$(readelf -sW m | sed -n '/\.symtab/,$p' | awk '$7 == "UND" && $5 == "WEAK" { print $8 }' | sort | xargs)" = 'called taken' ] \
    || fail "with '$arguments'"
done
$SWOLD m.o -r -o r.o
[ "$(readelf -sW r.o | grep -c 'WEAK .* UND')" = 2 ]
