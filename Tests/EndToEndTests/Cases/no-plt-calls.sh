#!/bin/bash
# Calls through the GOT (-fno-plt) work for imported and own functions.
# machines: -riscv64 -arm (other machines call by other instructions)
. "$(dirname "$0")/../prelude.sh"

echo 'int imported(void) { return 1; }' >l.c
echo 'int imported(void); int own(void); int main(void) { return imported() + own() - 3; }' >m.c
echo 'int own(void) { return 2; }' >o.c
gcc -shared -fPIC l.c -o libl.so
gcc -O2 -fPIC -fno-plt -c m.c o.c
for kind in -pie -no-pie; do
  $CC $kind m.o o.o ./libl.so -o m
  ./m || fail "$kind"
  lacks 'JUMP_SLO.* (imported|own)' readelf -rW m
  lacks ' own' readelf -rW m
done
sane m
