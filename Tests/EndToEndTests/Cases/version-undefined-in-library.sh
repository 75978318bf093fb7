#!/bin/bash
# A versioned reference of a library is bound to that version.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
int f1(void) { return 1; }
int f2(void) { return 2; }
__asm__(".symver f1,f@V1");
__asm__(".symver f2,f@@V2");
END
echo 'V1 { global: f; local: *; }; V2 { global: f; } V1;' >v.map
gcc -shared -fPIC l.c -Wl,--version-script=v.map -Wl,-soname,libl.so -o libl.so
cat >k.c <<'END'
__asm__(".symver f,f@V1");
int f(void); int k(void) { return f(); }
END
echo 'int f(void); int k(void); int main(void) { return f() * 10 + k() != 21; }' >m.c
$CC -shared -fPIC k.c -L. -ll -Wl,-rpath,"$PWD" -o libk.so
$CC m.c ./libk.so -L. -ll -Wl,-rpath,"$PWD" -o m
./m
sane libk.so m
