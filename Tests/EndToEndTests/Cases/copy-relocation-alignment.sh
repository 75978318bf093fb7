#!/bin/bash
# A copied variable keeps the alignment that it has in the library.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
char pad = 1;
char v[64] __attribute__((aligned(64))) = "aligned";
END
echo 'extern char v[64]; int main(void) { return (long)v % 64 || v[0] != 97; }' >m.c
gcc -shared -fPIC l.c -o libl.so
$CC -fno-pic -no-pie m.c ./libl.so -o m
./m
[ $((0x$(address m v) % 64)) = 0 ]
sane m
