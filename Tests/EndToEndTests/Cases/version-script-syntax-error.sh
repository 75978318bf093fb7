#!/bin/bash
# An error in a version script names file and line.
. "$(dirname "$0")/../prelude.sh"

printf 'V1 {\n  global: a;\n  local *;\n};\n' >v.map
echo 'void a(void){}' >l.c
gcc -fPIC -c l.c
expect_fail $CC -shared l.o -Wl,--version-script=v.map -o libl.so
says 'v.map:3'
