#!/bin/bash
# A script that wants layout gets an error with its name and line.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
cat >in.ld <<'END'
/* layout */
SECTIONS
{
  .text : { *(.text) }
}
END
gcc -c m.c
[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
expect_fail $SWOLD m.o in.ld -o m
says 'in.ld:2'
says 'SECTIONS'
says 'section.map'
[ ! -e m ]
