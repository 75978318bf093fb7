#!/bin/bash
# In a program general-dynamic code becomes local-exec: no call, no relocation.
# machines: x86_64 (x86-64 assembly)
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
  lacks 'TPOFF64|DTPMOD64|TLSDESC' readelf -rW m
  shows '%fs:0x0' objdump -d m
done
sane m
