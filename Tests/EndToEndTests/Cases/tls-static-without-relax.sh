#!/bin/bash
# A static program has no __tls_get_addr, so its thread-local sequences are replaced even with
# --no-relax, as by GNU ld.
# machines: -riscv64 -aarch64 -arm (needs descriptors that only --relax replaces, or rcrt1.o)
. "$(dirname "$0")/../prelude.sh"

cat >t.c <<'E'
__thread int variable = 5;
E
cat >m.c <<'E'
#include <stdio.h>
extern __thread int variable;
static __thread int local = 7;
int main(void) { variable += local++; return printf("%d %d\n", variable, local) < 0; }
E
for dialect in $TLS_DIALECTS; do
  gcc -c -O2 -fPIC $dialect t.c m.c
  # (glibc's start code for -static-pie relies on relaxation, whoever links it.)
  $CC -static -Wl,--no-relax m.o t.o -o m
  [ "$(./m)" = "12 8" ]
  sane m
done
