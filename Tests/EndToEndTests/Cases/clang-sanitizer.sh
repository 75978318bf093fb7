#!/bin/bash
# clang's address sanitizer links its archive whole and exports its symbols.
# machines: x86_64 i386 (run-time libraries of clang)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <stdlib.h>
int main(int n, char **v) { char *p = malloc(4); return p[3 + n]; }
END
$CLANG -g -fsanitize=address a.c -o a
./a 2>err && fail "no report"
grep -q 'heap-buffer-overflow' err
grep -q 'a\.c:2' err
