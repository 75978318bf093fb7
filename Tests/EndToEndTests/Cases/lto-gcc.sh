#!/bin/bash
# gcc -flto: the program is compiled as a whole; what is inlined everywhere is not there any more.
# machines: x86_64 (the plugin belongs to the compiler of the machine)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'E'
#include <stdio.h>
int twice(int);
int main(int argc, char **argv) { (void)argv; printf("%d\n", twice(argc + 20)); return 0; }
E
echo 'int unused(void) { return 1; } int twice(int x) { return x * 2; }' >b.c
gcc -O2 -flto -c a.c b.c
for flags in '' '-no-pie' '-static' '-static-pie' '-flto-partition=none' '-flto=2 -flto-partition=max'; do
  $CC -O2 -flto $flags a.o b.o -o m
  [ "$(./m)" = 42 ] || fail "$flags"
  lacks ' (twice|unused)$' nm m
  linked_by_swold m
done
# A plugin asks for libgcc by its path if the compiler says so, as musl's does.
musl-gcc -O2 -flto -c a.c b.c
musl-gcc -B$LD_DIR -O2 -flto -static a.o b.o -o m && [ "$(./m)" = 42 ]
gcc -O2 -flto -c a.c b.c
# The same bytes every time, and nothing of the compiler's temporary files.
$CC -O2 -flto a.o b.o -o m1
$CC -O2 -flto a.o b.o -o m2 -Wl,-Map=m.map
cmp m1 m2
shows '<lto>' cat m.map
lacks '/tmp/|ltrans' cat m.map
