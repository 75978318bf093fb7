#!/bin/bash
# A library under --as-needed that the program does not name is loaded all the same if another one
# names it. Its own references then find the program's definitions, so these are exported (GNU ld, lld).
. "$(dirname "$0")/../prelude.sh"

cat >inner.c <<'C'
int chosen = 1;
int asked(void) { return chosen; }
C
echo 'int asked(void); int outer(void) { return asked(); }' >outer.c
echo 'int outer(void); int chosen = 7; int main(void) { return outer() != 7; }' >m.c
$CC -shared -fPIC inner.c -o libinner.so -Wl,-soname,libinner.so
$CC -shared -fPIC outer.c -o libouter.so -L. -linner -Wl,-rpath,'$ORIGIN'
for mode in -no-pie -pie; do
  $CC -fPIE $mode m.c -L. -Wl,--as-needed -linner -Wl,--no-as-needed -louter -Wl,-rpath,. -o m
  [ -z "$(readelf -dW m | grep libinner)" ]
  readelf --dyn-syms -W m | grep -w chosen
  ./m
done

# A library that nobody loads sees nothing.
$CC m.c -L. -Wl,--as-needed -linner -Wl,--no-as-needed -louter -Wl,-rpath,. -Wl,--defsym=lonely=chosen -o m
[ -z "$(readelf --dyn-syms -W m | grep -w lonely)" ]

# What such a library needs must be there, too (GNU ld, lld).
echo 'extern int missing; int asked(void) { return missing; }' | $CC -shared -fPIC -x c - -o libinner.so -Wl,-soname,libinner.so
expect_fail $CC m.c -L. -Wl,--as-needed -linner -Wl,--no-as-needed -louter -nostdlib -nostartfiles -o m
says 'undefined symbol: missing'
