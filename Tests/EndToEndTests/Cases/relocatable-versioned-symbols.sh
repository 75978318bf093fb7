#!/bin/bash
# -r carries the names of .symver over, and leaves references for the later link.
. "$(dirname "$0")/../prelude.sh"

cat >v.c <<'END'
__asm__(".symver old, f@V1\n.symver new, f@@V2");
int old(void) { return 1; }
int new(void) { return 2; }
END
echo 'int f(void); int g(void) { return f(); }' >u.c
gcc -fPIC -c v.c u.c
$SWOLD -r v.o u.o -o vu.o
for name in f@V1 f@@V2 old new; do shows " T $name\$" nm --no-demangle vu.o; done
printf 'V1 { };\nV2 { };\n' >map
gcc -shared -Wl,--version-script=map vu.o -o libv.so
shows ' f@@V2$' nm -D libv.so
shows ' f@V1$' nm -D libv.so
echo 'int g(void); int main(void) { return g() != 2; }' >m.c
gcc m.c ./libv.so -o m
./m
