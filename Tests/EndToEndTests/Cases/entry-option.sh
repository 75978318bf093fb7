#!/bin/bash
# -e takes a symbol or an address.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl begin, other
begin: exit 0
other: ret
END
as m.s -o m.o
$SWOLD -e begin m.o -o m
./m
[ "$(readelf -h m | awk '/Entry/ { print $4 }')" = "0x$(address m begin | sed 's/^0*//')" ]
$SWOLD --entry=0x401234 m.o -o m2
shows 'Entry point address: *0x401234' readelf -h m2
