#!/bin/bash
# --wrap foo is about references to foo, not about those to a version of it.
. "$(dirname "$0")/../prelude.sh"

echo 'int old(void) { return 1; } int new(void) { return 2; }' >v.c
echo '__asm__(".symver old, foo@V1\n.symver new, foo@@V2");' >>v.c
echo 'V1 { }; V2 { } V1;' >map
gcc -shared -fPIC v.c -Wl,--version-script=map,-soname=libv.so -o libv.so
cat >m.c <<'X'
int foo(void), old(void), __real_foo(void);
__asm__(".symver old, foo@V1");
int __wrap_foo(void) { return __real_foo() * 10; }
int main(void) { return foo() + old() != 21; }
X
$CC m.c libv.so -Wl,--wrap=foo,-rpath,. -o m
./m
shows 'UND foo@V1 ' readelf --dyn-syms -W m
shows 'UND foo@V2 ' readelf --dyn-syms -W m
