#!/bin/bash
# An archive that is named twice is read once; --whole-archive counts wherever it stands.
. "$(dirname "$0")/../prelude.sh"

echo 'int used(void) { return 3; }' >used.c
echo 'int unused = 7;' >unused.c
echo 'int used(void); int main(void) { return used() - 3; }' >main.c
gcc -c used.c unused.c main.c
ar rc libx.a used.o unused.o
$CC main.o libx.a libx.a -o twice
$CC main.o libx.a -o once
cmp once twice
! nm once | grep -w unused
for order in "libx.a -Wl,--whole-archive libx.a" "-Wl,--whole-archive libx.a -Wl,--no-whole-archive libx.a"; do
  $CC main.o $order -Wl,--no-whole-archive -o whole
  ./whole
  nm whole | grep -w unused
done
sane twice whole
