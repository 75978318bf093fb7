#!/bin/bash
# -r with -s, -S, -x and -X drops symbols, but none that a relocation needs.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.file "a.c"
.text
.globl main
main: return 0
unused: ret
.Ltmp: ret
.section .rodata.str1.1,"aMS",@progbits,1
pad: .string "pad"
text: .string "well world"
.data
.globl pointer
pointer: .quad text+5
.section .debug_extra,"",@progbits
.quad main
.section .note.GNU-stack,"",@progbits
END
as --keep-locals a.s -o a.o
cat >c.c <<'END'
#include <unistd.h>
extern char *pointer;
__attribute__((constructor)) static void check(void) { if (*pointer != 'w') _exit(1); }
END
gcc -c c.c
check() {
  $SWOLD -r "$1" a.o -o r.o
  sane r.o
  readelf -sW r.o | awk '$4 != "SECTION" { print $NF }' | grep -xE "a.c|main|unused|.Ltmp|pad|text" |
    sort | tr '\n' ' ' >names
  [ "$(cat names)" = "$2" ] || fail "$1: $(cat names)"
  $CC r.o c.o -o m
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
