#!/bin/bash
# A weak reference with hidden visibility that nobody meets is zero, and leaves no trace in the symbol
# tables (gABI, "Symbol Table"; GNU ld and lld agree). Without the visibility it stays in .symtab (lld).
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'C'
__attribute__((visibility("hidden"), weak)) extern int concealed;
__attribute__((weak)) extern int plain;
int main(void) { return &concealed || &plain; }
C
echo 'int concealed = 1;' | $CC -shared -fPIC -x c - -o libl.so
for mode in -static -no-pie -pie; do
  $CC -fPIE $mode m.c -o m
  ./m
  [ -z "$(readelf -sW m | grep -w concealed)" ]
  readelf -sW m | grep -w plain
done
$CC -fPIE -pie m.c -L. -ll -Wl,-rpath,. -o m  # a library is no other part of this file
./m
[ -z "$(readelf -sW m | grep -w concealed)" ]
echo 'int needed(void); int other(void) { return needed(); }' | $CC -fPIE -x c -c - -o n.o
echo 'int concealed = 1; int needed(void) { return 0; }' | $CC -shared -fPIC -x c - -o libl.so
$CC -fPIE -pie m.c n.o -L. -ll -Wl,-rpath,. -o m
./m
[ -z "$(readelf -sW m | grep -w concealed)" ]
