#!/bin/bash
# Every loadable byte lies at an offset that equals its address modulo the page size.
. "$(dirname "$0")/../prelude.sh"

echo 'int data = 1; static char bss[10000]; int main(void) { return data - 1 + bss[4]; }' >m.c
for kind in -pie -no-pie -static -static-pie; do
  supports $kind || continue
  $CC $kind m.c -o m
  ./m
  readelf -lW m | awk '$1 == "LOAD" { print $2, $3, $5, $6, $NF }' >loads
  last=0
  while read -r offset address filesize memsize align; do
    [ $((offset % align)) = $((address % align)) ]
    [ $((filesize)) -le $((memsize)) ]
    [ $((address)) -ge $last ]
    last=$((address + memsize))
  done <loads
  lacks '^ *LOAD .* RWE ' readelf -lW m
done
