#!/bin/bash
# musl-gcc -static sends -dynamic-linker too; the program must not have one.
# machines: x86_64 (compilers of other machines are not installed)
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
int main(void) { puts("musl"); return 0; }
END
musl-gcc -B"$LD_DIR" -static h.c -o h
[ "$(./h)" = musl ]
linked_by_swold h
sane h
lacks 'INTERP|DYNAMIC' readelf -lW h
