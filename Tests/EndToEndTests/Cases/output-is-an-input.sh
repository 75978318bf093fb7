#!/bin/bash
# An output that is also an input is refused, by whatever name, and the input survives.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
cp m.o copy.o
ln m.o hard.o
ln -s m.o soft.o
ar rc lib.a m.o
for output in m.o ./m.o hard.o soft.o; do
  expect_fail $SWOLD -r m.o -o $output
  says 'm\.o'
  cmp m.o copy.o
done
cp lib.a copy.a
expect_fail $SWOLD -r m.o lib.a -o lib.a
cmp lib.a copy.a
[ -z "$(ls -A | grep swold- || true)" ]
