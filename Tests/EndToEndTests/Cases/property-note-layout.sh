#!/bin/bash
# The property note is aligned to 8, alone in its segment, and first of the notes.
# machines: x86_64 (Control-flow Enforcement of x86)
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC -fcf-protection=full m.c -Wl,-z,ibt -Wl,--build-id -o m
./m
[ "$(section m .note.gnu.property align)" = 8 ]
line=$(readelf -lW m | grep GNU_PROPERTY)
[ "$(echo $line | awk '{ print $3 }')" = "0x$(section m .note.gnu.property address)" ]
shows '^ *NOTE .* 0x8$' readelf -lW m
shows '^ *NOTE .* 0x4$' readelf -lW m
sane m
