#!/bin/bash
# rpath add, remove DIR, replace, shrink and convert change one directory of a run path and leave the others; both tags.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "one machine is enough for a text"

echo 'int main(void) { return 0; }' >m.c
gcc -B/usr/bin m.c -Wl,--no-as-needed -lm -o m
is() {
  [ "$("$edit" get rpath m)" = "$1" ] || fail "$("$edit" get rpath m), not $1"
  ./m
}
"$edit" rpath set '$ORIGIN/lib:/usr/lib/x86_64-linux-gnu' -i m
is '$ORIGIN/lib:/usr/lib/x86_64-linux-gnu'
"$edit" rpath add /opt/a -i m
"$edit" rpath add /opt/b first=yes -i m
is '/opt/b:$ORIGIN/lib:/usr/lib/x86_64-linux-gnu:/opt/a'
"$edit" rpath remove /opt/a -i m
"$edit" rpath replace /opt/b /srv/another/place -i m
is '/srv/another/place:$ORIGIN/lib:/usr/lib/x86_64-linux-gnu'
"$edit" rpath shrink -i m
is '$ORIGIN/lib:/usr/lib/x86_64-linux-gnu'
"$edit" rpath shrink prefix=/opt:/srv -i m
is '$ORIGIN/lib'
"$edit" rpath convert tag=rpath -i m
shows '(RPATH)' readelf -dW m
is '$ORIGIN/lib'
"$edit" rpath add /x if-needed -i m
shows '(RPATH).*:/x' readelf -dW m
"$edit" rpath remove -i m
readelf -dW m | grep -E 'R(UN)?PATH' && fail "it is still there"
./m
