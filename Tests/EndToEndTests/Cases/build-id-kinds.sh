#!/bin/bash
# The kinds of build-id have their lengths; hex is taken as it is; none leaves it out.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
id() { readelf -nW m | sed -n 's/.*Build ID: //p'; }
length() { $CC m.o -Wl,--build-id$1 -o m; ./m; id | tr -d '\n' | wc -c; }
[ "$(length '')" = 40 ]
[ "$(length =sha1)" = 40 ]
[ "$(length =md5)" = 32 ]
[ "$(length =uuid)" = 32 ]
[ "$(length =0xdeadbeef)" = 8 ]
$CC m.o -Wl,--build-id=0xdeadbeef -o m; [ "$(id)" = deadbeef ]
$CC m.o -Wl,--build-id=none -o m; [ -z "$(id)" ]
