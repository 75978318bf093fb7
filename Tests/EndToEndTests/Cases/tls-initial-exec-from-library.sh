#!/bin/bash
# General-dynamic code for a library's variable becomes initial-exec.
# machines: -riscv64 -arm (general-dynamic code stays as it is)
. "$(dirname "$0")/../prelude.sh"

echo '__thread int x = 3;' >l.c
echo 'extern __thread int x; int main(void) { return x - 3; }' >m.c
gcc -shared -fPIC l.c -o l.so
for dialect in $TLS_DIALECTS; do
  gcc -fPIC $dialect -c m.c
  $CC -pie m.o ./l.so -o m
  ./m
  shows "$R_TPOFF.* x( \+ 0)?\$" readelf -rW m
  lacks 'DTPMOD64|TLSDESC' readelf -rW m
done
sane m
