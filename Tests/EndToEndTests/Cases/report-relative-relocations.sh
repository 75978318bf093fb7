#!/bin/bash
# -z report-relative-reloc lists the words that the dynamic linker moves, with the sections that have them,
# packed or not.
# machines: x86_64 (x86-64 relocations)
. "$(dirname "$0")/../prelude.sh"

echo 'static int x[4]; int *first = &x[1], *second = &x[2]; int main(void) { return first == second; }' >a.c
gcc -fPIC -c a.c
for pack in none relr; do
  $CC a.o -Wl,-z,report-relative-reloc,--pack-dyn-relocs=$pack -o a >out
  grep -qE "^R_X86_64_RELATIVE at 0x$(address a first | sed 's/^0*//') in \.data: a\.o:\(\.data.*\)\+0x0$" out
  grep -qE "^R_X86_64_RELATIVE at 0x$(address a second | sed 's/^0*//') in \.data: a\.o:\(\.data.*\)\+0x8$" out
  if [ $pack = none ]; then [ "$(wc -l <out)" = "$(count R_X86_64_RELATIVE readelf -rW a)" ]; fi
  ./a
done
$CC -no-pie a.o -Wl,-z,report-relative-reloc -o a >out
[ ! -s out ]
