#!/bin/bash
# -z text makes them an error that names the relocation and the symbol.
# machines: -riscv64 (no code has whole addresses)
. "$(dirname "$0")/../prelude.sh"

echo 'int ext = 5;' >l.c
echo 'extern int ext; int main(void) { return ext - 5; }' >m.c
gcc -shared -fPIC l.c -o libl.so
gcc $WHOLE_ADDRESSES -c m.c
expect_fail $CC -pie -Wl,-z,text m.o ./libl.so -o m
says "$R_WORD"
says 'ext'
says 'm\.o'
[ ! -e m ]
