#!/bin/bash
# A program at a fixed address that needs no library has no dynamic section, whatever it would export
# (GNU ld, lld and mold agree); with a library, or position-independent, it exports.
. "$(dirname "$0")/../prelude.sh"

cat >s.s <<'E'
.globl _start, shown
_start: exit 0
.data
shown: .long 1
E
as s.s -o s.o
echo '{ shown; };' >list
for option in --export-dynamic --export-dynamic-symbol=shown --dynamic-list=list; do
  $SWOLD $option s.o -o s
  ./s
  [ -z "$(readelf -lW s | grep -E "DYNAMIC|INTERP")" ]
done
echo 'int f(void) { return 0; }' | $CC -shared -fPIC -x c - -o libf.so
$SWOLD --export-dynamic s.o libf.so -o s
readelf --dyn-syms -W s | grep -w shown
$SWOLD --export-dynamic -pie s.o -o s
readelf --dyn-syms -W s | grep -w shown
$SWOLD --export-dynamic --as-needed s.o libf.so -o s
[ -z "$(readelf -lW s | grep -w DYNAMIC)" ]
