#!/bin/bash
# -r makes a build-id if it is asked for one, and none otherwise.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
gcc -c f.c
$SWOLD -r f.o -o r.o
has_no_section r.o .note.gnu.build-id
$SWOLD -r --build-id=sha1 f.o -o r.o
sane r.o
shows 'Build ID: [0-9a-f]{40}$' readelf -nW r.o
lacks 'Build ID: 0{40}$' readelf -nW r.o
