#!/bin/bash
# gcc's AddressSanitizer links with its own runtime and finds an overflow.
# machines: x86_64 i386 (run-time libraries that need /proc of the machine)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <stdlib.h>
int main(int n, char **v) { char *p = malloc(4); return p[3 + n]; }
END
$CC -g -fsanitize=address a.c -o a
./a 2>err && fail "no report"
grep -q 'heap-buffer-overflow' err
linked_by_swold a
sane a
