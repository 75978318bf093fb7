#!/bin/bash
# Pointers into merged strings still point to the same text.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.section .rodata.str1.1,"aMS",@progbits,1
.L0: .asciz "abc"
.L1: .asciz "hello world"
.data
.globl p, q, r, n
.balign 8
p: .quad .L1
q: .quad .L1 + 6
r: .quad .rodata.str1.1 + 4 + 3
n: .quad named
.section .rodata.str1.1
named: .asciz "named piece"
.section .note.GNU-stack,"",@progbits
END
cat >m.c <<'END'
#include <string.h>
extern const char *p, *q, *r, *n;
int main(void) {
  return strcmp(p, "hello world") || strcmp(q, "world") || strcmp(r, "lo world") ||
         strcmp(n, "named piece") || strcmp("hello world", p);
}
END
as a.s -o a.o
$CC m.c a.o -o m
./m
$CC -O2 -static m.c a.o -o s
./s
sane m
