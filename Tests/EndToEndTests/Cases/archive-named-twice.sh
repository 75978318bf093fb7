#!/bin/bash
# An archive that is named twice is searched once. Under --whole-archive it gives its members again:
# duplicate symbols (GNU ld, lld). A mention without the option adds nothing to either; the peers
# complain about `main.o libx.a --whole-archive libx.a`, where a member was taken before, but with
# swold archives have no order.
. "$(dirname "$0")/../prelude.sh"

echo 'int used(void) { return 3; }' >used.c
echo 'int unused = 7;' >unused.c
echo 'int used(void); int main(void) { return used() - 3; }' >main.c
gcc -c used.c unused.c main.c
ar rc libx.a used.o unused.o
ar rcT thin.a used.o unused.o
echo "GROUP($PWD/libx.a $PWD/libx.a)" >libtwice.so
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
no=-Wl,--no-whole-archive
for pair in "libx.a libx.a" "thin.a thin.a" libtwice.so "libx.a $no -Wl,--whole-archive libx.a" "-L. -lx -lx"; do
  expect_fail $CC main.o -Wl,--whole-archive $pair $no -o m
  says 'duplicate symbol: used'
done
ar rc libempty.a
echo 'int weak(void) __attribute__((weak)); int weak(void) { return 0; }' | gcc -c -x c - -o weak.o
ar rc libweak.a weak.o
$CC main.o libx.a -Wl,--whole-archive libweak.a libweak.a libempty.a libempty.a $no -o m
