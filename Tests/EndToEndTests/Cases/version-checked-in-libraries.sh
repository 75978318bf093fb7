#!/bin/bash
# What a library needs must be there under the version that it needs.
. "$(dirname "$0")/../prelude.sh"

# provide SYMVER… : libp.so, which defines foo under these names (V1 is always a version of it)
provide() {
  { printf '.globl other, x, y\n.type x, @function\nother: x: y: return 1\n'
    for name; do printf '.symver x, %s\n' "$name"; done; } | as -o p.o
  echo 'V1 { global: other; local: x; y; }; V2 { } V1;' >map
  gcc -shared p.o -Wl,--version-script=map,-soname=libp.so -o libp.so
}
provide foo@@V1
echo 'int foo(void); int g(void) { return foo(); }' >g.c
gcc -shared -fPIC g.c libp.so -Wl,-soname,libg.so -o libg.so
echo 'int g(void); int main(void) { return g() != 1; }' >m.c
gcc -c m.c
link() { $CC m.o libg.so libp.so "$@" -nostartfiles -Wl,-e,main -o m; }
for there in foo@@V1 foo@V1 'foo@V1 foo@@V2'; do
  provide $there
  link
done
echo 'int foo(void) { return 1; }' >f.c
gcc -fPIC -c f.c
for not in foo@V2 foo@@V2 foo@ 'foo@ foo@@V2'; do
  provide $not
  expect_fail link
  says 'undefined symbol: foo@V1'
  says 'referenced by libg.so'
  link -Wl,--allow-shlib-undefined
done
says 'libp.so defines foo@@V2'
# Neither a program's plain foo nor that of a library without versions is foo@V1. (GNU ld, lld)
expect_fail link f.o
says 'm?.o defines foo, which has no version'
gcc -shared f.o -Wl,-soname,libp.so -o libp.so
expect_fail link
says 'libp.so defines foo, which has no version'
# Another library than the one that was there when libg.so was linked may have it.
provide foo@@V1
gcc -shared p.o -Wl,--version-script=map,-soname=libq.so -o libq.so
provide
link libq.so
