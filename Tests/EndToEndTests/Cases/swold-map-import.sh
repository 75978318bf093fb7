#!/bin/bash
# swold-map import: each script of the folder is imported as the table says, and where the import is
# faithful, GNU ld with the script and swold with the map make the same of the same objects.
# machines: x86_64 (one corpus is enough: nothing of it depends on the machine)
. "$(dirname "$0")/../prelude.sh"

map=$(dirname "$SWOLD")/swold-map
[ -x "$map" ] || map=$CASES/../../../.build/release/swold-map
scripts=$CASES/scripts
while read -r name expected; do
  script=$scripts/$name.ld
  "$scripts/objects" "$script"
  as first.s -o first.o
  as second.s -o second.o
  code=0
  if [ "$expected" = faithful ]; then
    (cd "$scripts" && "$map" import $name.ld -o "$WORK/$name.smap" --swold "$SWOLD" \
      --check "$WORK/first.o" "$WORK/second.o") >out 2>&1 || code=$?
  else
    (cd "$scripts" && "$map" import $name.ld -o "$WORK/$name.smap") >out 2>&1 || code=$?
  fi
  case $code in 0) result=faithful ;; 3) result=notes ;; 4) result=differs ;; 1) result=refused ;; *) result=$code ;; esac
  [ $result = "$expected" ] || { cat out; cat $name.smap 2>/dev/null; fail "$name: $result instead of $expected"; }
  # Whatever could be read is a map that the language accepts.
  [ $result = refused ] || "$map" check $name.smap >out 2>&1 || { cat out; fail "$name: not accepted"; }
done < <(grep -v '^#' "$scripts/table")
# No script is forgotten.
diff <(ls "$scripts" | sed -n 's/\.ld$//p' | sort) <(grep -v '^#' "$scripts/table" | cut -d' ' -f1 | sort)

# A note has a place, and stands in the map.
printf 'SECTIONS {\n  .text : { *(.text) }\n  NOCROSSREFS(.text .data)\n}\n' >x.ld
code=0; "$map" import x.ld -o x.smap 2>err || code=$?
[ $code = 3 ]
grep -q '^x.ld:3:3: note: a map has no check of references between sections: NOCROSSREFS(.text .data)' err
grep -q '# not imported .*NOCROSSREFS' x.smap

# PHDRS says whether the program headers say where they are.
for name in phdr-entry higher-half-phdrs; do "$map" import "$scripts/$name.ld" -o $name.smap 2>err || true; done
grep -q 'headers phdr;' phdr-entry.smap
lacks 'PT_PHDR' cat err
sed '/PT_PHDR/s/headers PT_PHDR PHDRS; //' "$scripts/phdr-entry.ld" >none.ld
"$map" import none.ld -o none.smap 2>err || true
grep -q 'headers phdr none;' none.smap
