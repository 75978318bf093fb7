#!/bin/bash
# Of the .gnu.linkonce sections of one name the first is kept.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >$n.s <<END
.section .gnu.linkonce.t.f,"ax",@progbits
.weak f
.type f, @function
f: return $n
.section .note.GNU-stack,"",@progbits
END
  as $n.s -o $n.o
done
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -O0 m.c 1.o 2.o -o m
code=0
./m || code=$?
[ $code = 1 ]
