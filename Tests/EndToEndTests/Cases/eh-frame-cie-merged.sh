#!/bin/bash
# Equal CIEs of many objects become one.
# machines: -arm (tables of its own for exceptions)
. "$(dirname "$0")/../prelude.sh"

for i in 1 2 3 4 5; do echo "int f$i(void) { return $i; }" >f$i.c; done
echo 'int main(void) { return 0; }' >m.c
gcc -fasynchronous-unwind-tables -c f?.c m.c
$CC -nostartfiles -nodefaultlibs -shared f?.o m.o -o m.so
[ "$(count ' FDE ' readelf --debug-dump=frames m.so)" -ge 6 ]
[ "$(count ' CIE$' readelf --debug-dump=frames m.so)" -le 2 ]
sane m.so
