#!/bin/bash
# Several variables of one object share one module lookup.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
static __thread int a = 1, b = 2;
static __thread int c[100];
int sum(int n) { c[99] += n; return a++ + b++ + c[99]; }
END
echo 'int sum(int); int main(void) { return sum(4) != 7 || sum(4) != 13; }' >m.c
for dialect in $TLS_DIALECTS; do
  gcc -O2 -fPIC -ftls-model=local-dynamic $dialect -c l.c
  $CC -shared l.o -o l.so
  $CC m.c ./l.so -o dynamic
  $CC m.c l.o -o relaxed
  $CC -static m.c l.o -o static
  ./dynamic
  ./relaxed
  ./static
  lacks 'call.*__tls_get_addr' objdump -d relaxed
  sane l.so dynamic
done
