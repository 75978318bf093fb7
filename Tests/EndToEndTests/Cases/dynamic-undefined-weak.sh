#!/bin/bash
# -z nodynamic-undefined-weak makes undefined weak symbols zero, in shared libraries as well as in
# programs; without it, or with the opposite, a definition at run time counts. (GNU ld)
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((weak)) int f(void); int (*p)(void) = f; int g(void) { return f ? f() + p() : p ? 3 : 0; }' >l.c
gcc -fPIC -c l.c
echo 'int f(void) { return 1; } int g(void); int main(void) { return g(); }' >m.c
$CC -shared l.o -o libzero.so -Wl,-z,nodynamic-undefined-weak
lacks ' f$' readelf --dyn-syms -W libzero.so
lacks ' f ' readelf -rW libzero.so
gcc m.c ./libzero.so -o m
./m
for option in "" -Wl,-z,dynamic-undefined-weak; do
  $CC -shared l.o -o libfound.so $option
  gcc m.c ./libfound.so -o m
  code=0; ./m || code=$?
  [ $code = 2 ]
done
echo 'int g(void); int main(void) { return g(); }' | gcc -c -x c - -o p.o
for mode in -no-pie -pie; do
  $CC $mode p.o l.o -o m -Wl,-z,nodynamic-undefined-weak
  ./m
  lacks ' f$' readelf --dyn-syms -W m
  $CC $mode p.o l.o -o m
  ./m
  shows ' f$' readelf --dyn-syms -W m
done
