#!/bin/bash
# A weak undefined symbol of a PIE can be supplied at run time.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((weak)) int w(void); int main(void) { return w ? w() : 7; }' >m.c
echo 'int w(void) { return 0; }' >w.c
gcc -shared -fPIC w.c -o libw.so
$CC -fPIC -pie m.c -o m
shows 'WEAK .* UND w$' readelf -W --dyn-syms m
r=0; ./m || r=$?; [ $r = 7 ]
LD_PRELOAD=$PWD/libw.so ./m
