#!/bin/bash
# --spare-dynamic-tags=N leaves room for N more tags.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -Wl,--spare-dynamic-tags=0 -o none
$CC m.o -Wl,--spare-dynamic-tags=20 -o twenty
./twenty
[ $((0x$(section twenty .dynamic size) - 0x$(section none .dynamic size))) = $((40 * BITS / 8)) ]
sane twenty
