#!/bin/bash
# -static with -dynamic-linker gives no PT_INTERP.
. "$(dirname "$0")/../prelude.sh"

cat >h.s <<'END'
.globl _start
_start:
  exit 0
END
as h.s -o h.o
$SWOLD -dynamic-linker /lib64/ld-linux-x86-64.so.2 -static h.o -o h
./h
lacks INTERP readelf -lW h
