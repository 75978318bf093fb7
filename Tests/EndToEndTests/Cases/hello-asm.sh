#!/bin/bash
# An assembly program without any library: only an entry point and system calls.
. "$(dirname "$0")/../prelude.sh"

cat >h.s <<'END'
.globl _start
_start:
  print text, 6
  exit 0
.section .rodata
text: .ascii "hello\n"
END
as h.s -o h.o
$SWOLD h.o -o h
[ "$(./h)" = hello ]
linked_by_swold h
sane h
lacks 'INTERP|DYNAMIC' readelf -lW h
