#!/bin/bash
# _GLOBAL_OFFSET_TABLE_ is the linker's: code finds its table of addresses by it. An assignment would
# lead all that code astray (lld refuses it; GNU ld lets it be without a word).
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: load_address _GLOBAL_OFFSET_TABLE_\n' | as -o a.o
echo '_GLOBAL_OFFSET_TABLE_ = 0x401000;' >s.ld
for statement in --defsym=_GLOBAL_OFFSET_TABLE_=0x401000 s.ld; do
  for mode in -no-pie -pie -shared; do
    expect_fail $SWOLD $mode a.o $statement -o m
    says "_GLOBAL_OFFSET_TABLE_ is the linker's; give the symbol another name"
  done
done
$SWOLD -pie a.o --defsym=table=_GLOBAL_OFFSET_TABLE_ -o m
