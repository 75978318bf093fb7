#!/bin/bash
# clang takes the linker by path and sends its own set of options.
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
END
$CLANG h.c -o h
[ "$(./h)" = hello ]
linked_by_swold h
sane h
