#!/bin/bash
# machines: x86_64 (has the other linkers of the host)
# `swold --linked-by FILE…` tells who linked a file, by the marks that linkers leave.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >main.c
$CC main.c -o by-swold
$CC -shared -fPIC main.c -o by-swold.so
"$SWOLD" --linked-by by-swold by-swold.so >out
grep '^by-swold: swold-' out

gcc main.c -o by-ld
gcc -fuse-ld=gold main.c -o by-gold
clang-19 -fuse-ld=lld main.c -o by-lld
cp by-swold stripped
objcopy --remove-section .comment stripped
code=0; "$SWOLD" --linked-by by-swold by-ld by-gold by-lld stripped >out || code=$?
test $code = 1
grep '^by-ld: unknown' out
grep '^by-gold: GNU gold' out
grep '^by-lld: .*LLD 19' out
grep '^stripped: unknown' out
