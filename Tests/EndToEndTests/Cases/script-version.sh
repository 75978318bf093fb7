#!/bin/bash
# A VERSION block in a script works like a version script.
. "$(dirname "$0")/../prelude.sh"

echo 'void old(void) {} void rest(void) {}' >l.c
gcc -fPIC -c l.c
echo 'VERSION { V7 { global: old; local: *; }; }' >v.ld
$CC -shared l.o v.ld -o libl.so
shows ' old@@V7$' nm -D libl.so
lacks ' rest' nm -D libl.so
