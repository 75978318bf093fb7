#!/bin/bash
# A function that is called and whose address is taken through the GOT needs no lazy slot.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; }' >l.c
cat >m.c <<'END'
int f(void);
int (*volatile p)(void);
int main(void) { p = f; return f() + p() != 2; }
END
gcc -shared -fPIC l.c -o libl.so
$CC -O0 -fPIC -pie m.c ./libl.so -o m
./m
[ "$(count "$R.* f( \+ 0)?\$" readelf -rW m)" = 1 ]
sane m
