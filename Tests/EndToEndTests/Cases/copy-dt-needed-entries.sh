#!/bin/bash
# --copy-dt-needed-entries: a program may use what a library of its libraries defines, and records that
# library then; as GNU ld. Without it the symbol is missing.
. "$(dirname "$0")/../prelude.sh"

echo 'int deep(void) { return 5; }' >deep.c
echo 'int deep(void); int shallow(void) { return deep(); }' >shallow.c
echo 'int deep(void), shallow(void); int main(void) { return deep() - shallow(); }' >m.c
echo 'int shallow(void); int main(void) { return shallow() - 5; }' >n.c
gcc -fPIC -c deep.c shallow.c m.c n.c
mkdir lib
$CC -shared deep.o -o lib/libdeep.so -Wl,-soname,libdeep.so
$CC -shared shallow.o -Llib -ldeep -o lib/libshallow.so -Wl,-soname,libshallow.so
expect_fail $CC m.o lib/libshallow.so -Wl,-rpath-link,lib -o no
says 'undefined symbol: deep'
for where in -Wl,-rpath-link,lib -Llib; do
  $CC m.o lib/libshallow.so $where -Wl,--copy-dt-needed-entries -Wl,-rpath,"$PWD/lib" -o m && ./m
  shows 'NEEDED.*libdeep\.so' readelf -d m
done
gcc -Wl,--copy-dt-needed-entries m.o lib/libshallow.so -Wl,-rpath-link,lib -Wl,-rpath,"$PWD/lib" -o g && ./g
diff <(readelf -d m | grep -oE 'lib(deep|shallow)\.so' | sort) <(readelf -d g | grep -oE 'lib(deep|shallow)\.so' | sort)
# What the program does not use is not recorded.
$CC n.o lib/libshallow.so -Llib -Wl,--copy-dt-needed-entries -o n
LD_LIBRARY_PATH=lib ./n
lacks 'NEEDED.*libdeep' readelf -d n
mv lib/libdeep.so .
$CC n.o lib/libshallow.so -Wl,--copy-dt-needed-entries,--allow-shlib-undefined -o n 2>err
grep -q 'libdeep.so, which lib/libshallow.so needs, is not found' err
