#!/bin/bash
# Code that refers to a local of a dropped group copy is an error.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >$n.s <<END
.section .text.f,"axG",@progbits,f,comdat
.weak f
f: ret
.Llocal$n: ret
.text
.globl g$n
g$n: call .Llocal$n
  ret
.section .note.GNU-stack,"",@progbits
END
  as --keep-locals $n.s -o $n.o
done
expect_fail $CC -shared 1.o 2.o -o l.so
says '2\.o'
says 'discarded'
