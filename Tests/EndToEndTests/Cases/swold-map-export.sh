#!/bin/bash
# swold-map export: the maps of the examples and of the corpus become scripts as the table says. With a
# faithful one GNU ld makes of the same objects what swold makes with the map, and a map that is imported
# from it lays out the same again.
# machines: x86_64 (nothing of it depends on the machine)
. "$(dirname "$0")/../prelude.sh"

map=$(dirname "$(readlink -f "${SWOLD_UNDER_TEST:-$SWOLD}")")/swold-map
[ -x "$map" ] || map=$CASES/../../../.build/release/swold-map
root=$CASES/../../..
layout() {
  nm "$1" | awk '$3 !~ /^__(images|rest|group|slot)_/ { print $3, $1 }' | sort
  objdump -h "$1" | awk '$1 ~ /^[0-9]+$/ { line = $2 " " $3 " " $4 " " $5 } /LOAD/ && line !~ /note.swold/ { print line }' | sort
}
while read -r file expected again source; do
  name=${file//\//-}
  code=0
  "$map" export "$root/$file.smap" -o $name.ld >$name.report 2>&1 || code=$?
  case $code in 0) result=faithful ;; 3) result=notes ;; *) result=$code ;; esac
  [ $result = "$expected" ] || { cat $name.report; fail "$file: $result instead of $expected"; }
  # A note is in the script, too, where something was left out.
  [ $result = faithful ] || grep -q ': note: ' $name.report
  if [ -n "$source" ]; then
    as "$CASES/maps/$source.s" -o first.o
    as --defsym SECOND=1 "$CASES/maps/$source.s" -o second.o
  else
    "$CASES/scripts/objects" $name.ld
    as first.s -o first.o
    as second.s -o second.o
  fi
  [ $result = faithful ] || continue
  "$map" export "$root/$file.smap" -o $name.ld --quiet --swold "$SWOLD" --check first.o second.o >out 2>&1 ||
    { cat $name.ld out; fail "$file: other results with GNU ld"; }
  [ "$again" = again ] || continue
  "$map" import $name.ld -o $name.smap >out 2>&1 || [ $? = 3 ]
  post=
  [ ! -e $name.sedit ] || post="--post $name.sedit"
  $SWOLD --section-map "$root/$file.smap" first.o second.o -o own
  $SWOLD --section-map $name.smap $post first.o second.o -o imported || { cat $name.smap; fail "$file: its import does not link"; }
  diff <(layout own) <(layout imported) || { cat $name.ld $name.smap; fail "$file: the import of its script lays out otherwise"; }
done <<'END'
Examples/aarch64-virt/image faithful again
Examples/boot-sector/boot faithful again
Examples/cortex-m/firmware faithful again
Examples/embedded-swift/firmware faithful again
Examples/hot-functions/layout notes
Examples/multiboot-kernel/kernel notes
Examples/plug-ins/layout notes
Examples/riscv-virt/firmware faithful again
Examples/section-maps/cortex-m faithful again
Examples/section-maps/default-x86-64 notes
Examples/section-maps/higher-half-x86-64 notes
Examples/section-maps/hot-functions notes
Examples/section-maps/multiboot-i386 notes
Examples/section-maps/plugins notes
Examples/section-maps/riscv-virt faithful -
Tests/EndToEndTests/Cases/maps/contents faithful again contents
Tests/EndToEndTests/Cases/maps/files faithful - files
Tests/EndToEndTests/Cases/maps/images notes
Tests/EndToEndTests/Cases/maps/pins notes
Tests/EndToEndTests/Cases/maps/pow2 faithful - pow2
END

# What a script cannot say has a place in the report and in the script.
printf 'smap 1;\nplace at 0 {\n  section .a;\n  orphans set_*;\n}\n' >x.smap
code=0; "$map" export x.smap -o x.ld 2>err || code=$?
[ $code = 3 ]
grep -q '^x.smap:4:3: note: a script cannot say where sections of other names go: orphans set_\*' err
grep -q '/\* not exported .*orphans set_\*' x.ld
# A map with errors is no script.
echo 'smap 1; place in r { }' >y.smap
expect_fail "$map" export y.smap -o y.ld
[ ! -e y.ld ]
