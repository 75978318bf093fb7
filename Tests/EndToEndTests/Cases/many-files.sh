#!/bin/bash
# Thousands of input files.
# machines: -arm (another assembler than as)
. "$(dirname "$0")/../prelude.sh"

for i in $(seq 2000); do echo ".globl f$i; f$i: ret; .section .note.GNU-stack,\"\""; done |
  split -l 1 -a 4 -d - s
for s in s????; do echo "$s"; done | xargs -P2 -n 200 sh -c 'for s; do as $s -o $s.o; done' _
{ echo 'int main(void) {'; for i in 1 1000 2000; do echo "extern void f$i(void); f$i();"; done; echo 'return 0; }'; } >m.c
gcc -c m.c
(ulimit -n 256; ls s*.o >list; $CC m.o @list -o m)
./m
[ "$(count ' T f[0-9]+$' nm m)" = 2000 ]
