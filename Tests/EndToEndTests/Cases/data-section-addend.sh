#!/bin/bash
# A relocation against a section symbol with an addend finds its place.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl here, there
.type here, @function
.type there, @function
here: load_int .data+8
  ret
there: load_int .Lseven+4
  ret
.data
  .quad 1
  .long 7
.section .rodata.x,"a"
  .long 9
.Lseven: .long 8, 7
.section .note.GNU-stack,"",@progbits
END
as a.s -o a.o
echo 'int here(void), there(void); int main(void) { return here() != 7 || there() != 7; }' >m.c
$CC m.c a.o -o m
./m
