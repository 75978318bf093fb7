#!/bin/bash
# A weak definition in a COMDAT group that lost to a copy without it is an undefined weak symbol,
# also for strong references (lld; GNU ld reports those from other files). A strong one is undefined.
. "$(dirname "$0")/../prelude.sh"

group() { printf '.section .x, "aG", @progbits, zz, comdat\n%s\n' "$1"; }
code='_start: load_got foo; exit_result'
{ echo '.globl _start; _start: ret'; group '.byte 0'; } | as -o kept.o
{ group '.weak foo; foo: .byte 1'; } | as -o weak.o
{ group '.globl foo; foo: .byte 1'; } | as -o strong.o
{ echo ".globl _start; $code"; group '.byte 0'; } | as -o user.o
{ echo ".globl _start; .weak foo; $code"; group '.byte 0'; } | as -o weakuser.o
{ echo "${code/_start/other}; .quad foo"; group '.weak foo; foo: .byte 1'; } | as -o same.o
for mode in -no-pie -pie; do
  for inputs in "user.o weak.o" "weakuser.o weak.o" "user.o same.o"; do
    $SWOLD $mode $inputs -o m -dynamic-linker $INTERPRETER
    ./m
  done
  $SWOLD $mode kept.o same.o -o m -z notext
  $SWOLD $mode kept.o strong.o -o m
  for inputs in "user.o strong.o" "weakuser.o strong.o"; do
    expect_fail "$SWOLD" $mode $inputs -o m
    says 'undefined symbol: foo'
  done
done
$SWOLD -shared user.o weak.o -o l.so
shows 'WEAK .* UND foo' readelf --dyn-syms -W l.so
