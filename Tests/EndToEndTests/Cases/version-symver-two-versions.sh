#!/bin/bash
# .symver gives one library two versions of a function.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
int f_old(void) { return 1; }
int f_new(void) { return 2; }
__asm__(".symver f_old,f@V1");
__asm__(".symver f_new,f@@V2");
END
echo 'V1 { global: f; local: *; }; V2 { global: f; } V1;' >v.map
echo 'int f(void); int main(void) { return f() != 2; }' >m.c
cat >o.c <<'END'
__asm__(".symver f,f@V1");
int f(void); int main(void) { return f() != 1; }
END
$CC -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
shows ' f@V1$' nm -D libl.so
shows ' f@@V2$' nm -D libl.so
$CC m.c ./libl.so -o m
$CC o.c ./libl.so -o o
./m
./o
shows ' f@V2' nm -D m
shows ' f@V1' nm -D o
sane libl.so m o
