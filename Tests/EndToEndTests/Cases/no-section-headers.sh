#!/bin/bash
# -z nosectionheader: nothing is in the file that is not loaded, and the program runs.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo '#include <stdio.h>
__thread int t = 3; int main(void) { printf("%d\n", t); return 0; }' >m.c
gcc -g -c m.c
for kind in -pie -no-pie -static; do
  $CC $kind m.o -Wl,-z,nosectionheader -o m
  [ "$(./m)" = 3 ]
  shows 'Start of section headers: +0 ' readelf -h m
  shows 'Number of section headers: +0$' readelf -h m
  shows 'string table index: +0$' readelf -h m
  end=0
  while read -r type offset _ _ size _; do
    [ "$type" != LOAD ] || [ $((offset + size)) -le $end ] || end=$((offset + size))
  done < <(readelf -lW m)
  [ "$(stat -c %s m)" = "$end" ]
  shows ' LOAD ' readelf -lW m
done
echo 'int f(void) { return 4; }' >f.c && gcc -fPIC -c f.c
$CC -shared f.o -Wl,-z,nosectionheader -o f.so
python3 -c 'import ctypes; assert ctypes.CDLL("./f.so").f() == 4'
expect_fail $CC m.o -Wl,-z,nosectionheader,-q -o no
expect_fail $SWOLD -r m.o -z nosectionheader -o no
$CC m.o -Wl,-z,nosectionheader,-z,sectionheader -o m && has_section m .text
