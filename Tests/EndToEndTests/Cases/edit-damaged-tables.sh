#!/bin/bash
# Files whose tables contradict each other: a hash table that reaches beyond its section, a string table that does, versions
# that lie outside of the file, a note between sections that are loaded which is not. Each edit that would write over
# something else is refused as what it is, a damaged file (exit 3), and none is a bug of the editor (exit 4).
. "$(dirname "$0")/../prelude.sh"
not_linted "damaged on purpose"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "other machines have other tables"
type clang-19 ld.lld-19 >/dev/null || skip "no clang or lld"

cat >m.c <<'E'
#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words) { return printf("%d %s\n", abs(-count), getenv("HOME")) < 0; }
E
/usr/bin/gcc -B/usr/bin -no-pie -Wl,-z,norelro,--hash-style=gnu m.c -o ld
clang-19 -fuse-ld=lld -fPIE -pie -Wl,-z,norelro,--build-id m.c -o lld
# field FILE SECTION : the offset of a section
field() { readelf -SW "$1" | sed 's/\[ */[/' | while read -r _ name _ _ offset _; do [ "$name" != "$2" ] || echo $((16#$offset)); done; }
# damage FILE OFFSET BYTES
damage() { printf "$3" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none; }
# refused CODE FILE EDIT : and the file is what it was
refused() {
  local code=0
  cp "$2" before
  "$edit" apply -e "$3" -i "$2" 2>messages || code=$?
  cat messages
  [ $code = 3 ] && grep -q "$1" messages && cmp before "$2"
}

cp ld buckets
damage buckets "$(field ld .gnu.hash)" '\360'
refused 'SE-MALFORMED.*DT_GNU_HASH' buckets 'symbol rename getenv xyz dynamic=yes'

cp ld strings
dynamic=$(field ld .dynamic)
entry=$(readelf -dW ld | grep '^ 0x' | grep -n '(STRSZ)' | cut -d: -f1)
size=$(readelf -dW ld | sed -n 's/.*(STRSZ) *\([0-9]*\) .*/\1/p')
damage strings $((dynamic + 16 * (entry - 1) + 8)) "$(printf '\\%03o' $((size + 32)))"
refused 'SE-MALFORMED.*DT_STRSZ' strings 'symbol rename getenv xyz dynamic=yes'

# tag NAME VALUE : the two low bytes of a dynamic tag's value in the file `damaged`
tag() {
  cp ld damaged
  entry=$(readelf -dW ld | grep '^ 0x' | grep -n "($1)" | cut -d: -f1)
  damage damaged $((dynamic + 16 * (entry - 1) + 8)) "$(printf '\\%03o\\%03o' $(($2 & 255)) $(($2 >> 8)))"
}
# harmless EDIT... : done or refused, but no mistake of the editor
harmless() {
  local code=0
  "$edit" apply "$@" -o out damaged 2>messages || code=$?
  [ $code -le 3 ] || { cat messages; exit 1; }
}
# vn_aux of the first record, and the file grows so far that there is something.
cp ld damaged
damage damaged $(($(field ld .gnu.version_r) + 8)) '\0\0\2\0'
harmless -e 'insert .big zero:200000'
harmless -e "rpath set /$(printf 'a%.0s' {1..300})"
for size in 24 72 144 300 600; do
  for name in RELASZ PLTRELSZ; do
    tag $name $size
    harmless -e 'symbol rename getenv xyz dynamic=yes'
    harmless -e 'insert .big zero:9000' -e 'needed add libxyz.so' -e 'symbol rename getenv abcdefghi dynamic=yes'
  done
done

# What is damaged and still runs must run afterwards: the sections around it move for a program header.
headers=$(readelf -hW lld | sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
# header NAME : the offset of a section's header
header() { echo $((headers + 64 * $(readelf -SW lld | sed -n "s/^ *\[ *\([0-9]*\)\] $1 .*/\1/p"))); }
path=/$(printf 'a%.0s' {1..300})
# runs FILE
runs() {
  ./$1 >/dev/null
  cp $1 before
  "$edit" rpath set $path -i $1
  readelf -dW $1 | grep -qF "[$path]"
  [ "$(readelf -n before | grep 'Build ID')" = "$(readelf -n $1 | grep 'Build ID')" ]
  ./$1 >/dev/null
}

# A note that sections say is not loaded: it has no place among those that move.
cp lld note
damage note $(($(header .note.gnu.build-id) + 8)) '\0'
runs note

# Two sections of one name.
cp lld names
dd if=lld of=names bs=1 skip=$(header .interp) seek=$(header .gnu.version) count=4 conv=notrunc status=none
[ "$(readelf -SW names | grep -c ' \.interp ')" = 2 ]
runs names

# The interpreter's path has no size in memory, where nobody looks for it.
cp lld path
entry=$(readelf -lW lld | sed -n '/^  Type/,/^$/p' | grep -v Requesting | grep -n INTERP | cut -d: -f1)
damage path $((64 + 56 * (entry - 2) + 40)) '\0'
shows 'INTERP.* 0x000000 R' readelf -lW path
runs path
