#!/bin/bash
# A fixed-address program owns the variable of a library it reads directly.
. "$(dirname "$0")/../prelude.sh"

echo 'int v = 3; void set(int x) { v = x; } int get(void) { return v; }' >l.c
cat >m.c <<'END'
extern int v; void set(int); int get(void);
int main(void) { set(9); int seen = v; v = 4; return seen != 9 || get() != 4; }
END
gcc -shared -fPIC l.c -o libl.so
$CC -fno-pic -no-pie m.c ./libl.so -o m
./m
shows "${R}COPY .* v( \+ 0)?\$" readelf -rW m
sane m
