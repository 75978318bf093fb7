#!/bin/bash
# A copied object may be larger than the rest of the file: its room has no bytes there.
. "$(dirname "$0")/../prelude.sh"

echo 'char big[3000000] = {1}; int last(void) { return big[2999999]; }' >l.c
$CC -shared -fPIC l.c -o libl.so
printf 'extern char big[3000000]; int last(void);\nint main(void) { big[2999999] = 5; return big[0] + last() - 6; }\n' >m.c
gcc -fno-pie -c m.c
$CC -no-pie m.o libl.so -Wl,-rpath,. -o m
shows "${R}COPY" readelf -rW m
./m
sane m
