#!/bin/bash
# A 32-bit absolute address cannot go into a shared object; recompile with -fPIC.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

echo 'int v = 3; int f(void) { return v; }' >l.c
gcc -fno-pic -mno-red-zone -c l.c
expect_fail $CC -shared l.o -o libl.so
says 'R_X86_64_(PC32|32S?)'
says 'fPIC'
