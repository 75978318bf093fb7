#!/bin/bash
# A static program without indirect functions has no PLT and no GOT entries for calls.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start, f
_start: call f
  exit_result
f: return 0
END
as m.s -o m.o
$SWOLD -static m.o -o m
./m
has_no_section m .plt
