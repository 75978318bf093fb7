#!/bin/bash
# A reference that leads out of a mergeable section means nothing once it is merged: an error, as of
# lld (GNU ld says so and links). Its very end can be meant: the end of a table.
. "$(dirname "$0")/../prelude.sh"

assemble() { printf '.globl _start\n_start: ret\n%b\n.section .foo, "%s", @progbits, %s\n%b\n' "$@" | as -o a.o; }
refused() {
  assemble "$@"
  expect_fail $SWOLD a.o -o m
  says 'a\.o:\(\.(data|text|dbg|debug_info)\)\+0x.*offset -?[0-9]+ of section \.foo'
}
refused '.data\n.quad .foo + 99' aM 4 '.long 1'
refused '.data\n.quad .foo - 1' aM 4 '.long 1, 2'
refused '.data\n.quad .foo + 4' aMS 1 '.asciz "ab"'
[ $MACHINE != x86_64 ] || refused 'lea .foo(%rip), %rax' aM 4 '.long 1, 2'
refused '.section .dbg, ""\n.quad .foo + 99' MS 1 '.asciz "a"'
refused '.section .debug_info, ""\n.long .foo + 3' MS 1 '.asciz "a"'
accepted() {
  assemble "$@"
  $SWOLD a.o -o m
}
accepted '.data\n.quad .foo + 4' aM 4 '.long 1'
accepted '.data\n.quad .foo + 2' aM 4 '.long 1'
accepted '.data\n.quad foo + 99' aM 4 '.globl foo\nfoo: .long 1'
accepted '.data\n.quad foo' aM 4 '.long 1\n.globl foo\nfoo:'
