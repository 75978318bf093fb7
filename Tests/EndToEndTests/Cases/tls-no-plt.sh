#!/bin/bash
# Calls of __tls_get_addr through the GOT (-fno-plt) are relaxed too.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__thread int x = 3;
static __thread int y = 4, z = 5;
int main(void) { return x + y + z - 12; }
END
for model in global-dynamic local-dynamic; do
  gcc -O2 -fPIC -fno-plt -ftls-model=$model -c m.c
  for kind in -pie -no-pie -static -static-pie; do
    supports $kind || continue
    $CC $kind m.o -o m
    ./m || fail "$model $kind"
  done
  $CC -shared m.o -o l.so
  sane l.so
done
sane m
