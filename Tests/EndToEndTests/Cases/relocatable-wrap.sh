#!/bin/bash
# -r --wrap renames references, also those that nothing defines yet.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void); int __real_g(void); int main(void) { return f() != 3 || __real_g() != 4; }' >m.c
echo 'int __wrap_f(void) { return 3; } int g(void) { return 4; }' >w.c
gcc -c m.c w.c
$SWOLD -r --wrap=f --wrap=g m.o -o r.o
sane r.o
shows ' U __wrap_f$' nm r.o
shows ' U g$' nm r.o
lacks ' U (f|__real_g)$' nm r.o
$CC r.o w.o -o m
./m
