#!/bin/bash
# Equal CIEs of many objects become one.
# machines: -riscv64 -arm (not yet: records of exception tables with pairs of relocations)
. "$(dirname "$0")/../prelude.sh"

for i in 1 2 3 4 5; do echo "int f$i(void) { return $i; }" >f$i.c; done
echo 'int main(void) { return 0; }' >m.c
gcc -c f?.c m.c
$CC -nostartfiles -nodefaultlibs -shared f?.o m.o -o m.so
[ "$(count ' FDE ' readelf --debug-dump=frames m.so)" -ge 6 ]
[ "$(count ' CIE$' readelf --debug-dump=frames m.so)" -le 2 ]
sane m.so
