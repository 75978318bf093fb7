#!/bin/bash
# --dynamic-list-data exports the data of a program, and leaves it replaceable under -Bsymbolic.
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
