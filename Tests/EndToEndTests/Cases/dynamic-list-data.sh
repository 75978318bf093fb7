#!/bin/bash
# --dynamic-list-data exports the data of a program. Like every dynamic list it binds a shared library
# to itself, but for what is listed: data stay replaceable. (GNU ld)
. "$(dirname "$0")/../prelude.sh"

echo 'int datum = 1; int function(void) { return 0; } int main(void) { return function(); }' >m.c
gcc -fPIC -c m.c
$CC m.o -Wl,--dynamic-list-data -o m
./m
shows ' datum$' readelf -W --dyn-syms m
lacks ' function$' readelf -W --dyn-syms m
echo 'int datum = 1; int *f(void) { return &datum; }' >l.c
$CC -shared -fPIC l.c -Wl,-Bsymbolic -o bound.so
lacks "$R_GLOB_DAT.* datum" readelf -rW bound.so
$CC -shared -fPIC l.c -Wl,-Bsymbolic,--dynamic-list-data -o l.so
shows "$R_GLOB_DAT.* datum" readelf -rW l.so
cat >both.cc <<'END'
#include <new>
int datum = 1;
int common_datum;
extern "C" void function(void) {}
extern "C" void *all(void) { function(); common_datum = 2; return datum ? operator new(1) : nullptr; }
void *operator new(std::size_t) { return nullptr; }
END
g++ -fPIC -fno-inline -c both.cc
new=_Znw$([ $BITS = 64 ] && echo m || echo j)  # operator new(std::size_t)
open() { readelf -rW l.so | grep -oE "($new|datum|common_datum|function)( |\$)" | sed 's, ,,' | sort -u | tr '\n' ' '; }
echo '{ function; };' >list
while read -r options; do
  $CC -shared -nostdlib both.o $options -o l.so
  read -r expected
  [ "$(open)" = "$expected " ]
done <<END
-Wl,--dynamic-list-data
common_datum datum
-Wl,--dynamic-list-data,--dynamic-list=list
common_datum datum function
-Wl,-Bsymbolic-functions,--dynamic-list=list
function
-Wl,--dynamic-list-cpp-new
$new
-Wl,--dynamic-list-cpp-new,--dynamic-list-data
$new common_datum datum
END
