#!/bin/bash
# Broken maps: each gives the code that it names, at the place that it names, and no output.
. "$(dirname "$0")/../prelude.sh"

as "$CASES/invalid-maps/a1.s" -o a1.o
count=0
for map in "$CASES"/invalid-maps/*.smap; do
  read -r _ _ code place < <(grep '^# expect:' "$map")
  cp "$map" map.smap
  options=$(sed -n 's/^# options: //p' "$map")
  rm -f out
  case $code in
    SM4*)
      $SWOLD --section-map map.smap a1.o $options -o out 2>messages
      [ -e out ]
      grep -q "^map.smap:$place: warning\[$code\]" messages || { cat messages; fail "$map: no $code at $place"; }
      ;;
    *)
      expect_fail $SWOLD --section-map map.smap a1.o $options -o out
      [ ! -e out ] || fail "$map: there is an output"
      says "^map.smap:$place: error\[$code\]"
      # One cause, one error.
      [ "$(grep -c 'error\[' "$ERR")" = 1 ] || fail "$map: more than one error"
      ;;
  esac
  count=$((count + 1))
done
[ $count -ge 25 ]
