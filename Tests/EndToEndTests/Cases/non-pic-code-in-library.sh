#!/bin/bash
# An absolute address, or part of one, cannot go into a shared object; recompile with -fPIC.
. "$(dirname "$0")/../prelude.sh"

echo 'int v = 3; int f(void) { return v; }' >l.c
gcc -fno-pic -c l.c
expect_fail $CC -shared -Wl,-z,text l.o -o libl.so
says "relocation $R[A-Z0-9_]+ against v"
says 'fPIC'
