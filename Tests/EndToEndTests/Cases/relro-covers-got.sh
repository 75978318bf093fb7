#!/bin/bash
# With -z now the GOT lies in the RELRO segment, and its end is a page border.
. "$(dirname "$0")/../prelude.sh"

echo '#include <stdio.h>
int main(void) { puts("x"); return 0; }' >m.c
$CC -Wl,-z,now,-z,relro m.c -o m
./m
readelf -lW m | awk '$1 == "GNU_RELRO" { print $3, $6 }' >relro
read -r start size <relro
end=$((start + size))
got=$((0x$(section m .got address)))
[ $got -ge $((start)) ]
[ $got -lt $end ]
dynamic=$((0x$(section m .dynamic address)))
[ $dynamic -ge $((start)) ]
[ $dynamic -lt $end ]
[ $((end % 4096)) = 0 ]
data=$((0x$(section m .data address)))
[ $data -ge $end ]
