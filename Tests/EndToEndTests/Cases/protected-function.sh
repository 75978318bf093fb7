#!/bin/bash
# Calls to a protected function bind inside the library.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((visibility("protected"))) int f(void) { return 1; } int g(void) { return f(); }' >l.c
echo 'int f(void) { return 2; } int g(void); int main(void) { return g() != 1; }' >m.c
$CC -shared -fPIC l.c -o libl.so
$CC -rdynamic m.c ./libl.so -o m
./m
shows 'PROTECTED .* f$' readelf -W --dyn-syms libl.so
lacks "${R}JUMP_SLO.* f " readelf -rW libl.so
sane libl.so
