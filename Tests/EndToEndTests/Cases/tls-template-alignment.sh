#!/bin/bash
# The TLS segment begins at a multiple of its alignment, also where the file is packed and the first
# part asks for less than the second: a static program's C library takes it for granted.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__thread long first = 1;
__thread char zero[64] __attribute__((aligned(64)));
int main(void) { return (long)zero % 64 || first != 1 || zero[5]; }
END
for kind in -static -static-pie -no-pie -pie; do
  supports $kind || continue
  for packing in separate-code noseparate-code; do
    $CC $kind -Wl,-z,$packing a.c -o m
    ./m || fail "$kind $packing"
    start=$(readelf -lW m | awk '$1 == "TLS" {print $3}')
    [ $((start % 64)) = 0 ] || fail "$kind $packing: the template begins at $start"
  done
done
