#!/bin/bash
# Broken maps: each gives the code that it names, at the place that it names, and no output.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

for source in "$CASES"/invalid-maps/*.s; do as "$source" -o "$(basename "$source" .s).o"; done
cp "$CASES/invalid-maps/order.txt" .
count=0
for map in "$CASES"/invalid-maps/*.smap; do
  read -r _ _ code place < <(grep '^# expect:' "$map")
  cp "$map" map.smap
  options=$(sed -n 's/^# options: //p' "$map")
  object=$(sed -n 's/^# with: \(.*\)\.s$/\1.o/p' "$map")
  link="$SWOLD --section-map map.smap ${object:-a1.o} $options -o out"
  # What no text says has no place.
  where="map.smap:$place: "
  [ "$place" != - ] || where='swold: '
  rm -f out
  case $code in
    SM4* | SM205-warning)
      $link 2>messages
      [ -e out ]
      grep -qF "${where}warning[${code%-warning}]: " messages || { cat messages; fail "$map: no $code at $place"; }
      ;;
    *)
      expect_fail $link
      [ ! -e out ] || fail "$map: there is an output"
      grep -qF "${where}error[$code]: " "$ERR" || { cat "$ERR"; fail "$map: no $code at $place"; }
      # One cause, one error.
      [ "$(grep -c 'error\[' "$ERR")" = 1 ] || fail "$map: more than one error"
      ;;
  esac
  count=$((count + 1))
done
[ $count -ge 50 ]
