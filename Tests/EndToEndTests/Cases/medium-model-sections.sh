#!/bin/bash
# .ldata and .lbss of the medium model lie behind the small data.
# machines: x86_64 (code models of x86-64)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int small = 1;
int large[100000] = {5};
int zero[100000];
int main(void) { return small + large[0] + zero[99999] - 6; }
END
gcc -mcmodel=medium -fno-pie -c m.c
$CC -no-pie m.o -o m
./m
[ $((0x$(address m large))) -gt $((0x$(address m small))) ]
[ $((0x$(address m zero))) -gt $((0x$(address m small))) ]
sane m
