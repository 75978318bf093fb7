#!/bin/bash
# A shared object may leave a weak symbol undefined, and it is null.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((weak)) int w(void); int f(void) { return w ? 1 : 0; }' >l.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -shared -fPIC l.c -o l.so -Wl,-z,defs
shows 'WEAK .* UND w$' readelf -W --dyn-syms l.so
$CC m.c ./l.so -o m
./m
sane l.so
