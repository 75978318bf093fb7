#!/bin/bash
# A section group without the COMDAT flag is never dropped.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >$n.s <<END
.section .data.x,"awG",@progbits,sig
.globl v$n
v$n: .long $n
.section .note.GNU-stack,"",@progbits
END
  as $n.s -o $n.o
done
echo 'extern int v1, v2; int main(void) { return v1 + v2 - 3; }' >m.c
$CC m.c 1.o 2.o -o m
./m
