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
lacks 'GLOB_DAT.* datum' readelf -rW bound.so
$CC -shared -fPIC l.c -Wl,-Bsymbolic,--dynamic-list-data -o l.so
shows 'GLOB_DAT.* datum' readelf -rW l.so
cat >both.cc <<'END'
#include <new>
int datum = 1;
int common_datum;
extern "C" void function(void) {}
extern "C" void *all(void) { function(); common_datum = 2; return datum ? operator new(1) : nullptr; }
void *operator new(std::size_t) { return nullptr; }
END
g++ -fPIC -fno-inline -c both.cc
open() { readelf -rW l.so | grep -oE '(_Znwm|datum|common_datum|function)( |$)' | sort -u | tr -d '\n'; }
echo '{ function; };' >list
while read -r options; do
  $CC -shared -nostdlib both.o $options -o l.so
  read -r expected
  [ "$(open)" = "$expected " ]
done <<'END'
-Wl,--dynamic-list-data
common_datum datum
-Wl,--dynamic-list-data,--dynamic-list=list
common_datum datum function
-Wl,-Bsymbolic-functions,--dynamic-list=list
function
-Wl,--dynamic-list-cpp-new
_Znwm
-Wl,--dynamic-list-cpp-new,--dynamic-list-data
_Znwm common_datum datum
END
