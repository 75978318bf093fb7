#!/bin/bash
# Section maps against GNU ld with the equivalent scripts: every section has the same address, load
# address and size, every symbol the same value.
. "$(dirname "$0")/../prelude.sh"

examples=$(cd "$CASES/../../../Examples/section-maps" && pwd)
# Name, size, run address and, if there are bytes to load, load address. GNU ld lets sections without
# bytes advance the load address of a region; the map language does not.
facts() {
  objdump -h "$1" | awk '
    $2 ~ /^\./ { name = $2; size = $3; run = $4; load = $5 }
    /ALLOC/ && size !~ /^0*$/ { print name, size, run, /LOAD/ ? load : "-" }' | sort
}
count=0
for script in "$CASES"/maps/*.ld; do
  name=$(basename "$script" .ld)
  as "$CASES/maps/$name.s" -o first.o
  as --defsym SECOND=1 "$CASES/maps/$name.s" -o second.o
  map=$CASES/maps/$name.smap
  [ -e "$map" ] || map=$examples/$name.smap
  /usr/bin/ld.bfd -z noexecstack --no-warn-rwx-segments -T "$script" first.o second.o -o gnu
  $SWOLD --section-map "$map" first.o second.o -o own
  diff <(facts gnu) <(facts own) || fail "$name: other sections or addresses"
  # Constants of the script are no symbols of the map.
  nm gnu | grep -vE ' (KERNEL_VMA|_stack_size|_heap_size)$' | awk '{ print $3, $1 }' | sort >gnu.symbols
  nm own | awk '{ print $3, $1 }' | sort >own.symbols
  comm -23 gnu.symbols own.symbols >missing
  [ ! -s missing ] || { cat missing own.symbols; fail "$name: other symbols"; }
  sane_image own
  count=$((count + 1))
done
[ $count -ge 8 ]
