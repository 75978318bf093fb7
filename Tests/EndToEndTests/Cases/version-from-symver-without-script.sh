#!/bin/bash
# A default version needs a node of that name, or is refused by name.
. "$(dirname "$0")/../prelude.sh"

echo 'int f2(void) { return 2; } __asm__(".symver f2,f@@VX");' >l.c
gcc -fPIC -c l.c
if $CC -shared l.o -o libl.so 2>err; then shows ' f@@VX' nm -D libl.so; else grep -q 'VX' err; fi
