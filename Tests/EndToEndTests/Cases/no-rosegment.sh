#!/bin/bash
# --no-rosegment: read-only data and code share one segment, which saves a mapping.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'E'
#include <stdio.h>
int variable = 3;
int main(void) { return printf("%d runs\n", variable) < 0; }
E
segments() { readelf -lW "$1" | awk '$1 == "LOAD" { print ($8 == "E" ? "RE" : $7) }' | tr '\n' ' '; }
for kind in -pie -no-pie -static; do
  $CC m.c $kind -Wl,--no-rosegment -o m
  [ "$(./m)" = "3 runs" ]
  [ "$(segments m)" = "RE RW RW " ]
  $CC m.c $kind -Wl,--rosegment -o with
  [ "$(segments with)" = "R RE RW RW " ]
  sane m with
  # The printed map says it as well.
  $CC m.c $kind -Wl,--no-rosegment,--print-section-map >printed.smap
  $CC m.c $kind -Wl,--section-map=printed.smap -o again
  cmp m again
done
$CC m.c -Wl,--no-rosegment,-z,noseparate-code -o small
[ "$(./small)" = "3 runs" ]
sane small
