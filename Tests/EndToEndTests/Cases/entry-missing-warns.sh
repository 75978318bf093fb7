#!/bin/bash
# An entry symbol that is not there is a warning, and there is an output.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl f
f: ret
END
as m.s -o m.o
$SWOLD -e nowhere m.o -o m 2>err
grep -q 'nowhere' err
has_section m .text
