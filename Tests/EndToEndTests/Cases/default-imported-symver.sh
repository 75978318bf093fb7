#!/bin/bash
# --default-imported-symver: what comes from a library without versions is asked for by the library's soname.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -fPIC -c f.c m.c
$CC -shared f.o -o libf.so -Wl,-soname,libf.so.3,--default-symver
$CC m.o libf.so -o m
shows ' f@libf\.so\.3' readelf --dyn-syms -W m
$CC -shared f.o -o libf.so -Wl,-soname,libf.so.3
$CC m.o libf.so -o m
lacks ' f@' readelf --dyn-syms -W m
$CC m.o libf.so -Wl,--default-imported-symver -o m
shows ' f@libf\.so\.3' readelf --dyn-syms -W m
shows 'Name: libf\.so\.3 ' readelf -VW m
