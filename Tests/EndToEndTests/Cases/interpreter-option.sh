#!/bin/bash
# --dynamic-linker and -I name the interpreter; --no-dynamic-linker leaves it out.
. "$(dirname "$0")/../prelude.sh"

cat >s.s <<'END'
.globl _start
_start: exit 0
END
as s.s -o s.o
echo 'int f(void) { return 0; }' >l.c
gcc -shared -fPIC l.c -o libl.so
$SWOLD -pie -I /lib64/my-loader.so s.o ./libl.so -o m
shows 'interpreter: /lib64/my-loader.so' readelf -lW m
$SWOLD -pie --no-dynamic-linker s.o -o m
lacks INTERP readelf -lW m
./m
