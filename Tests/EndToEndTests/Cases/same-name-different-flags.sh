#!/bin/bash
# Input sections of one name with different flags all reach the output.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.section mine,"a"
.globl first
first: .long 40
END
cat >b.s <<'END'
.section mine,"aw"
.globl second
second: .long 2
END
as a.s -o a.o
as b.s -o b.o
echo 'extern int first, second; int main(void) { second++; return first + second - 43; }' >m.c
$CC m.c a.o b.o -o m
./m
sane m
