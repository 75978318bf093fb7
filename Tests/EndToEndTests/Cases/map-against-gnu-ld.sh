#!/bin/bash
# Section maps against GNU ld with the equivalent scripts: every section has the same address, load
# address and size, every symbol the same value.
# machines: x86_64 (addresses and machine words of x86-64 images)
. "$(dirname "$0")/../prelude.sh"

examples=$(cd "$CASES/../../../Examples/section-maps" && pwd)
# Name, size, run address and, if there are bytes to load, load address. GNU ld lets sections without
# bytes advance the load address of a region; the map language does not. `.pad.relro` is the rest of
# the last protected page, for which GNU ld has no section.
facts() {
  objdump -h "$1" | awk '
    $1 ~ /^[0-9]+$/ { name = $2; size = $3; run = $4; load = $5 }
    /ALLOC/ && name != ".pad.relro" && size !~ /^0*$/ { print name, size, run, /LOAD/ ? load : "-" }' | sort
}
count=0
# The order file of hot-functions.smap.
printf 'third\nfirst\n' >hot.order
for script in "$CASES"/maps/*.ld; do
  name=$(basename "$script" .ld)
  source=$CASES/maps/$name.s
  # One source, several objects of different sizes.
  objects=$(sed -n 's/^# objects: //p' "$source")
  objects=${objects:-first.o second.o}
  number=0
  for object in $objects; do
    if [ $number = 0 ]; then as "$source" -o $object; else as --defsym SECOND=$number "$source" -o $object; fi
    number=$((number + 1))
  done
  maps=()
  for map in $(sed -n 's/^# maps: //p' "$source" | grep . || echo "$name"); do
    file=$CASES/maps/$map.smap
    [ -e "$file" ] || file=$examples/$map.smap
    maps+=(--section-map "$file")
  done
  $SWOLD "${maps[@]}" $objects -o own
  # Headers in memory are the only thing in which the linkers must differ: swold spares some.
  headers=$((64 + 56 * $(readelf -hW own | sed -n 's/.*Number of program headers: *//p')))
  ld.bfd -z noexecstack -z norelro --no-warn-rwx-segments --defsym headers=$headers \
    -T "$script" $objects -o gnu
  diff <(facts gnu) <(facts own) || fail "$name: other sections or addresses"
  # Constants of the script are no symbols of the map.
  nm gnu | grep -vE ' (KERNEL_VMA|_stack_size|_heap_size|headers)$' | awk '{ print $3, $1 }' | sort >gnu.symbols
  nm own | awk '{ print $3, $1 }' | sort >own.symbols
  comm -23 gnu.symbols own.symbols >missing
  [ ! -s missing ] || { cat missing own.symbols; fail "$name: other symbols"; }
  sane_image own
  count=$((count + ${#maps[@]} / 2))
done
# Every example of the language is among them.
for map in "$examples"/*.smap; do
  name=$(basename "$map" .smap)
  grep -qs "$name" <(ls "$CASES"/maps; grep '^# maps:' "$CASES"/maps/*.s) || fail "$name is not compared"
done
[ $count -ge 12 ]
