#!/bin/bash
# Thousands of references to one symbol do not flood the screen.
. "$(dirname "$0")/../prelude.sh"

{
  echo 'int missing(void);'
  for i in $(seq 3000); do echo "int f$i(void) { return missing(); }"; done
} >m.c
gcc -O0 -c m.c
expect_fail $SWOLD -shared -z defs m.o -o out 2>/dev/null
[ -n "${SWOLD_UNDER_TEST:-}" ] || [ "$(wc -l <"$ERR")" -lt 100 ]
