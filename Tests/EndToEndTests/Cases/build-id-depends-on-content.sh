#!/bin/bash
# Equal inputs give equal ids, a changed byte changes the id.
. "$(dirname "$0")/../prelude.sh"

gcc -x c -c - -o a.o <<<'int value = 1; int main(void) { return 0; }'
gcc -x c -c - -o b.o <<<'int value = 2; int main(void) { return 0; }'
id() { readelf -nW $1 | sed -n 's/.*Build ID: //p'; }
for kind in tree sha1 md5; do
  $CC a.o -Wl,--build-id=$kind -o a1
  $CC a.o -Wl,--build-id=$kind -o a2
  $CC b.o -Wl,--build-id=$kind -o b
  [ "$(id a1)" = "$(id a2)" ]
  [ "$(id a1)" != "$(id b)" ]
  cmp a1 a2
done
$CC a.o -Wl,--build-id=uuid -o u1
$CC a.o -Wl,--build-id=uuid -o u2
[ "$(id u1)" != "$(id u2)" ]
