#!/bin/bash
# -z rodynamic: .dynamic is loaded read-only, without an entry that is filled at run time; as with lld.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo '#include <stdio.h>
int main(void) { puts("ok"); return 0; }' >m.c
gcc -c m.c
for kind in -pie -no-pie; do
  $CC $kind m.o -Wl,-z,rodynamic -o m
  [ "$(section m .dynamic flags)" = A ]
  lacks DEBUG readelf -d m
  shows 'DYNAMIC .* R  ' readelf -lW m
  [ "$(./m)" = ok ]
done
gcc -fuse-ld=lld m.o -Wl,-z,rodynamic -o peer
[ "$(section peer .dynamic flags)" = "$(section m .dynamic flags)" ]
sane m
$CC m.o -o m && [ "$(section m .dynamic flags)" = WA ]
