#!/bin/bash
# -r carries the names of .symver over, and leaves references for the later link, versions and all.
. "$(dirname "$0")/../prelude.sh"

cat >v.c <<'END'
__asm__(".symver old, f@V1\n.symver new, f@@V2");
int old(void) { return 1; }
int new(void) { return 2; }
END
cat >u.c <<'END'
int f(void), f1(void);
__asm__(".symver f1, f@V1");
int g(void) { return f() * 10 + f1(); }
END
gcc -fPIC -c v.c u.c
$SWOLD -r v.o u.o -o vu.o
for name in f@V1 f@@V2 old new; do shows " T $name\$" nm --no-demangle vu.o; done
printf 'V1 { };\nV2 { };\n' >map
gcc -shared -Wl,--version-script=map vu.o -o libv.so
shows ' f@@V2$' nm -D libv.so
shows ' f@V1$' nm -D libv.so
echo 'int g(void); int main(void) { return g() != 21; }' >m.c
gcc m.c ./libv.so -o m
./m

# Undefined ones, too.
$SWOLD -r u.o -o u2.o
shows ' U f@V1$' nm u2.o
$CC m.c u2.o ./libv.so -o m
./m
shows ' f@V1 ' readelf --dyn-syms -W m
