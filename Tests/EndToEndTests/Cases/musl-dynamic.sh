#!/bin/bash
# musl-gcc links against musl's loader.
# machines: x86_64 (compilers of other machines are not installed)
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
int main(void) { puts("musl"); return 0; }
END
musl-gcc -B"$LD_DIR" h.c -o h
[ "$(./h)" = musl ]
linked_by_swold h
sane h
shows 'interpreter: /lib/ld-musl-x86_64.so.1' readelf -lW h
