#!/bin/bash
# Debug information survives -r.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) {
  return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -g -c f.c m.c
$CC -r f.o m.o -o fm.o
sane fm.o
$CC fm.o -o m
./m
llvm-dwarfdump-19 --verify m
shows 'Line 2 of "f.c"' gdb -batch -ex 'info line f.c:2' m
