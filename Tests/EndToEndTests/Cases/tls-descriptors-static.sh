#!/bin/bash
# A static program has nobody who fills descriptors of thread-locals, so it can have their code only if
# that is replaced: with --no-relax it is an error, on every machine.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"
not_linted "programs of a few bytes"

echo '__thread int x = 5; int *f(void) { return &x; }' >a.c
while read -r name compile; do
  $compile -O1 -fPIC -c a.c -o $name.o
  $SWOLD -e f $name.o -o $name
  expect_fail $SWOLD -e f --no-relax $name.o -o $name
  says 'a static program can have only with --relax'
  $SWOLD -shared --no-relax $name.o -o $name.so
done <<'END'
x86-64 gcc -mtls-dialect=gnu2
i386 gcc -m32 -mtls-dialect=gnu2
aarch64 aarch64-linux-gnu-gcc -mtls-dialect=desc
arm arm-linux-gnueabihf-gcc -mtls-dialect=gnu2
END
