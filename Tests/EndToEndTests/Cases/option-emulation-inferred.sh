#!/bin/bash
# Without -m the first object file decides.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: exit 0
END
as m.s -o m.o
$SWOLD m.o -o m
shows 'X86-64' readelf -h m
./m
