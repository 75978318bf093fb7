#!/bin/bash
# --default-symver: exports without a version get the soname for one, and programs need it.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'X'
int json(void) { return 1; }
int other(void) { return 2; }
int old(void) { return 3; }
__asm__(".symver old, json@V0");
X
echo 'V0 { local: old; }; V1 { other; };' >map
$CC -shared -fPIC l.c -Wl,--default-symver,-soname=libj.so.4,--version-script=map -o libj.so.4
shows ' json@@libj.so.4$' readelf --dyn-syms -W libj.so.4
shows ' other@@V1$' readelf --dyn-syms -W libj.so.4
shows ' json@V0$' readelf --dyn-syms -W libj.so.4
echo 'int json(void); int main(void) { return json() != 1; }' >m.c
$CC m.c libj.so.4 -Wl,-rpath,. -o m
./m
shows ' json@libj.so.4 ' readelf --dyn-syms -W m
sane m  # eu-elflint takes the two names of libj.so.4 for one, as in GNU ld's libraries

# Without -soname the name of the file; a node without a name only selects; a node of that name is it.
sed -i /symver/d l.c
echo '{ global: json; local: *; };' >map
$CC -shared -fPIC l.c -Wl,--default-symver,--version-script=map -o libk.so
shows ' json@@libk.so$' readelf --dyn-syms -W libk.so
lacks ' other' readelf --dyn-syms -W libk.so
echo 'libk.so { json; };' >map
$CC -shared -fPIC l.c -Wl,--default-symver,--version-script=map -o libk.so
shows ' json@@libk.so$' readelf --dyn-syms -W libk.so
shows ' other@@libk.so$' readelf --dyn-syms -W libk.so
[ "$(count 'Name: libk.so' readelf -VW libk.so)" = 2 ]  # itself, and the version
