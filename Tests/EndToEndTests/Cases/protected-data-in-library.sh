#!/bin/bash
# A library reads its protected variable without a symbol lookup.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
__attribute__((visibility("protected"))) int v = 5;
int get(void) { return v; }
int *where(void) { return &v; }
END
echo 'int get(void); int *where(void); int main(void) { *where() = 6; return get() != 6; }' >m.c
$CC -shared -fPIC l.c -o libl.so
lacks "$R_GLOB_DAT.* v " readelf -rW libl.so
$CC m.c ./libl.so -o m
./m
sane libl.so
