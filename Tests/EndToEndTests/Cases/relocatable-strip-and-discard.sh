#!/bin/bash
# -r with -s, -S, -x and -X drops symbols, but none that a relocation needs.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.file "a.c"
.text
.globl main
main:
  lea text+5(%rip), %rdi
  cmpb $119, (%rdi)
  setne %al
  movzbl %al, %eax
  ret
unused: ret
.Ltmp: ret
.section .rodata.str1.1,"aMS",@progbits,1
pad: .string "pad"
text: .string "well world"
.section .debug_extra,"",@progbits
.quad main
.section .note.GNU-stack,"",@progbits
END
as --keep-locals a.s -o a.o
check() {
  $SWOLD -r "$1" a.o -o r.o
  sane r.o
  readelf -sW r.o | awk '$4 != "SECTION" { print $NF }' | grep -xE "a.c|main|unused|.Ltmp|pad|text" |
    sort | tr '\n' ' ' >names
  [ "$(cat names)" = "$2" ] || fail "$1: $(cat names)"
  $CC r.o -o m
  ./m
}
check -O1 '.Ltmp a.c main pad text unused '
has_section r.o .debug_extra
check -X 'a.c main pad text unused '
check -x 'main text '
check -S '.Ltmp a.c main pad text unused '
has_no_section r.o .debug_extra
check -s 'main text '
has_no_section r.o .debug_extra
has_section r.o .symtab
