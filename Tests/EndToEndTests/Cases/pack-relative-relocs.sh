#!/bin/bash
# DT_RELR holds the relative relocations, and the program says it needs glibc 2.36.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
static int a[200];
int *p[200] = {&a[0], &a[1], &a[2]};
char odd[3]; 
struct __attribute__((packed)) { char c; int *q; } unaligned = {1, &a[5]};
int main(void) { return p[1] - p[0] != 1 || unaligned.q != &a[5]; }
END
word=.quad
[ $BITS = 64 ] || word=.long
for i in $(seq 3 199); do echo "__asm__(\".data; $word main; .text\");"; done >>m.c
$CC -Wl,-z,pack-relative-relocs m.c -o m
./m
has_section m .relr.dyn
shows '\(RELR\)' readelf -d m
shows 'GLIBC_ABI_DT_RELR' readelf -VW m
[ "$(section m .relr.dyn size)" != 0 ]
[ $((0x$(section m .relr.dyn size))) -lt 200 ]
sane m
