#!/bin/bash
# One strong reference makes a name's other references strong: one in a section that is garbage, one
# in a symbol table only, or -u. (GNU ld, lld)
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n.weak foo\n_start: load_got foo\n exit_result\n' | as -o weak.o
printf '.section .dead, "ax"\n.globl dead\ndead: jmp foo\n' | as -o dead.o
printf '.globl foo\n.type foo, @function\n' | as -o named.o
printf '.globl _start\n_start: ret\n' | as -o none.o
$SWOLD weak.o -o m
./m
for inputs in "weak.o dead.o --gc-sections" "weak.o named.o" "weak.o -u foo" "-u foo weak.o --gc-sections"; do
  for mode in -no-pie -pie; do
    expect_fail "$SWOLD" $mode $inputs -o m
    says 'undefined symbol: foo'
    says 'referenced by weak.o'
  done
  $SWOLD -shared $inputs -o l.so
  shows 'GLOBAL .* UND foo' readelf --dyn-syms -W l.so
done
for inputs in "none.o -u foo" "none.o dead.o --gc-sections" "none.o named.o"; do
  $SWOLD $inputs -o m
done
