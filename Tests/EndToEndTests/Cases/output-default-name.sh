#!/bin/bash
# Without -o the output is a.out.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: exit 0
END
as m.s -o m.o
$SWOLD m.o
./a.out
