#!/bin/bash
# clang -fuse-ld=swold looks for ld.swold in PATH.
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
int main(void) { return 0; }
END
PATH=$LD_DIR:$PATH clang-19 -fuse-ld=swold h.c -o h
./h
linked_by_swold h
