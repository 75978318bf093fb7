#!/bin/bash
# -Bsymbolic does not bind STB_GNU_UNIQUE symbols: two libraries share the variable of an inline
# function all the same.
. "$(dirname "$0")/../prelude.sh"

cat >h.h <<'E'
inline int &counter() { static int n = 0; return n; }
E
echo '#include "h.h"
int one() { return ++counter(); }' >one.cc
echo '#include "h.h"
int two() { return ++counter(); }' >two.cc
echo 'int one(), two(); int main() { one(); return two(); }' >m.cc
g++ -c -fPIC -O0 one.cc two.cc m.cc
libraries() {
  for name in one two; do $CXX -shared -Wl,-Bsymbolic "$@" $name.o -o lib$name.so; done
}
libraries
$CXX m.o ./libone.so ./libtwo.so -o m
code=0; ./m || code=$?
[ $code = 2 ]
sane m libone.so
# Without its uniqueness it is like any other.
libraries -Wl,--no-gnu-unique
code=0; ./m || code=$?
[ $code = 1 ]
