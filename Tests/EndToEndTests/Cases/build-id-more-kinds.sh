#!/bin/bash
# sha256, fast and tree are kinds of build-id too.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
id() { readelf -nW m | sed -n 's/.*Build ID: //p'; }
[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
for kind in sha256:64 fast:16 tree:40; do
  $CC m.o -Wl,--build-id=${kind%:*} -o m
  ./m
  [ "$(id | tr -d '\n' | wc -c)" = ${kind#*:} ] || fail "$kind: $(id)"
done
