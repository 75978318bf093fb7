#!/bin/bash
# With -z now everything is bound at start and says so.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; } int g(void) { return f(); }' >l.c
echo 'int f(void); int main(void) { return f() - 1; }' >m.c
$CC -Wl,-z,now -shared -fPIC l.c -o libl.so
$CC -Wl,-z,now m.c ./libl.so -o m
./m
shows 'FLAGS.*BIND_NOW' readelf -d m
shows 'FLAGS_1.*NOW' readelf -d m
sane m libl.so
