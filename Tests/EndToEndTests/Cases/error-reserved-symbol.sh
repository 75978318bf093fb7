#!/bin/bash
# _GLOBAL_OFFSET_TABLE_ is the linker's own: an object that defines it is refused, as by lld (GNU ld
# and mold let it take the place of the table). -r, local symbols and libraries may have one.
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: load_address _GLOBAL_OFFSET_TABLE_\nret\n' | as -o use.o
for form in .globl .weak; do
  printf '%s _GLOBAL_OFFSET_TABLE_\n.data\n_GLOBAL_OFFSET_TABLE_: .quad 1\n' $form | as -o own.o
  rm -f own.a
  ar rcs own.a own.o
  for link in "own.o use.o" "use.o own.o" "-shared own.o" "-pie use.o own.o" "use.o --whole-archive own.a"; do
    expect_fail $SWOLD $link -o out
    says 'own\.[oa].*: defines _GLOBAL_OFFSET_TABLE_, which is the linker.s'
  done
  $SWOLD -r own.o -o r.o
done
printf '.data\n_GLOBAL_OFFSET_TABLE_: .quad 1\n' | as -o local.o
$SWOLD use.o local.o -o out
gcc -shared -nostdlib local.o -o lib.so
$SWOLD use.o lib.so -o out
