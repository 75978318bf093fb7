#!/bin/bash
# The large code model calls __tls_get_addr through a register.
# machines: x86_64 (code models of x86-64)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__thread int x = 3;
static __thread int y = 4;
int main(void) { return x + y - 7; }
END
for model in global-dynamic local-dynamic; do
  gcc -fPIC -mcmodel=large -ftls-model=$model -c a.c
  $CC -pie a.o -o m
  ./m || fail "$model"
done
sane m
