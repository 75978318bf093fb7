#!/bin/bash
# A protected variable cannot be copied, which is said, not done.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((visibility("protected"))) int v = 3;' >l.c
echo 'extern int v; int main(void) { return v - 3; }' >m.c
gcc -shared -fPIC l.c -o libl.so
gcc -fno-pic -c m.c
if $CC -no-pie m.o ./libl.so -o m 2>err; then
  # Then the copy must not be a second variable: the program may only link if it needs no copy.
  lacks "${R}COPY" readelf -rW m
  ./m
else
  grep -q 'v' err
fi
