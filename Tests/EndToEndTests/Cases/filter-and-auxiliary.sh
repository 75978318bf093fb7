#!/bin/bash
# -F and -f write DT_FILTER and DT_AUXILIARY, into shared libraries only. (GNU ld, lld, mold)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >l.c
$CC -shared -fPIC l.c -Wl,-F,libreal.so -o a.so
shows '\(FILTER\).*libreal.so' readelf -d a.so
$CC -shared -fPIC l.c -Wl,-f,libmore.so -o b.so
shows '\(AUXILIARY\).*libmore.so' readelf -d b.so
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
for option in -F -f; do
  for mode in -no-pie -pie -static -r; do
    expect_fail $CC $mode m.o -Wl,$option,libq.so -o m
    says "$option may not be used without -shared"
  done
done
