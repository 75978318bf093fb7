#!/bin/bash
# .ctors sections of objects run, as part of .init_array, in reverse order.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >c.s <<'END'
.section .ctors,"aw",@progbits
  .quad first
  .quad second
.section .ctors.65435,"aw",@progbits
  .quad early
.section .dtors,"aw",@progbits
  .quad last
.text
first: movb $'f', %dil
  jmp putc
second: movb $'s', %dil
  jmp putc
early: movb $'e', %dil
  jmp putc
last: movb $'l', %dil
putc: movzbl %dil, %edi
  jmp putchar@PLT
.section .note.GNU-stack,"",@progbits
END
echo 'int main(void) { return 0; }' >m.c
gcc -c c.s
$CC m.c c.o -o m
[ "$(./m)" = esfl ]
has_no_section m .ctors
sane m
