#!/bin/bash
# The TLS segment has the largest alignment of its parts and they honour it.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__thread char first = 1;
__thread char aligned[64] __attribute__((aligned(256))) = {2};
__thread char zero[64] __attribute__((aligned(512)));
int main(void) {
  return (long)aligned % 256 || (long)zero % 512 || first != 1 || aligned[0] != 2 || zero[5];
}
END
for kind in -static -static-pie -no-pie -pie; do
  supports $kind || continue
  $CC $kind a.c -o m
  ./m || fail "$kind"
  shows '^ *TLS .* 0x200$' readelf -lW m
done
sane m
