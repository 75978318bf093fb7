#!/bin/bash
# Priorities are compared as numbers, not as text.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.section .init_array.1000,"aw",@init_array
  .quad f1000
.section .init_array.200,"aw",@init_array
  .quad f200
.section .init_array.00300,"aw",@init_array
  .quad f300
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
cat >f.c <<'END'
#include <stdio.h>
static char text[8];
static int n;
void f200(void) { text[n++] = 'a'; }
void f300(void) { text[n++] = 'b'; }
void f1000(void) { text[n++] = 'c'; }
int main(void) { return puts(text) < 0; }
END
$CC m.o f.c -o m
[ "$(./m)" = abc ]
