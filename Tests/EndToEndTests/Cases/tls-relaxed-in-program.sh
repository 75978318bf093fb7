#!/bin/bash
# In a program general-dynamic code becomes local-exec: no call, no relocation.
# machines: -riscv64 -arm (general-dynamic code stays as it is)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__thread int x = 3;
static __thread int y = 4;
int main(void) { return x + y - 7; }
END
for dialect in $TLS_DIALECTS; do
  gcc -O0 -fPIC -ftls-model=global-dynamic $dialect -c m.c
  $CC -pie m.o -o m
  ./m
  lacks "$R_TPOFF|$R_DTPMOD|$R_TLSDESC" readelf -rW m
  [ $MACHINE != x86_64 ] || shows '%fs:0x0' objdump -d m
done
sane m
