#!/bin/bash
# -soname, -h and --soname= set DT_SONAME.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >l.c
gcc -fPIC -c l.c
for option in '-soname=x.so.1' '-h x.so.1' '--soname x.so.1' '-soname x.so.1'; do
  $SWOLD -shared $option l.o -o l.so
  shows 'SONAME.*\[x.so.1\]' readelf -d l.so
done
