#!/bin/bash
# A library can have DT_RELR too.
. "$(dirname "$0")/../prelude.sh"

echo 'static int a[9]; int *p[] = {a, a + 1, a + 2, a + 3}; int *get(int i) { return p[i]; }' >l.c
echo 'int *get(int); int main(void) { return get(3) - get(0) != 3; }' >m.c
$CC -shared -fPIC -Wl,-z,pack-relative-relocs l.c -o libl.so
$CC m.c ./libl.so -o m
./m
shows '\(RELR\)' readelf -d libl.so
sane libl.so
