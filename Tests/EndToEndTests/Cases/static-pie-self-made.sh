#!/bin/bash
# A static PIE without libc has relative relocations only.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: exit 0
.data
  .quad _start
END
as m.s -o m.o
$SWOLD -static -pie --no-dynamic-linker -z text m.o -o m
./m
shows "${R}RELATIVE" readelf -rW m
lacks 'INTERP' readelf -lW m
sane m
