#!/bin/bash
# Long options with one dash are not cut into a short option and a value.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((weak)) int f(void); int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -Wl,-export-dynamic -Wl,-undefined=main -Wl,-rpath,/x -Wl,-soname=ignored -o m
./m
shows ' T main$' nm -D m
shows 'RUNPATH.*/x' readelf -d m
