#!/bin/bash
# gcc finds the linker by each name that -fuse-ld= accepts.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >h.c
for name in bfd gold lld mold; do
  $CC -fuse-ld=$name h.c -o h.$name
  ./h.$name
  linked_by_swold h.$name
done
