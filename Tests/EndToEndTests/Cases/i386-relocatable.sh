#!/bin/bash
# i386: -r keeps relocations whose addends are in the bytes (SHT_REL), with new addends where symbols of
# sections moved; what GNU ld and swold link from it is the same program.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'X'
#include <stdio.h>
static int x[4] = {1, 2, 3, 4}; static const char *s[] = {"ab", "cd"}; int other(int);
__thread int t = 5; int *p = &x[2];
int main(void) { printf("%d %s %d %d\n", *p + x[1], s[1], t, other(x[3])); return 0; }
X
cat >b.c <<'X'
static int y[3] = {10, 20, 30}; static int *q = &y[2]; extern __thread int t;
int other(int n) { return n + *q + y[0] + t; }
X
gcc -m32 -g -fPIC -c a.c b.c
$SWOLD -r b.o a.o -o ab.o
shows 'REL ' readelf -SW ab.o
lacks 'RELA ' readelf -SW ab.o
gcc -m32 ab.o -o by-gnu && ./by-gnu >out.gnu
$CC -m32 ab.o -o by-swold && ./by-swold >out.swold
gcc -m32 a.o b.o -o direct && ./direct >out.direct
cmp out.gnu out.direct
cmp out.swold out.direct
gdb -batch -ex 'break other' -ex run -ex bt by-swold >out 2>&1
grep -q 'other (n=4) at b.c:2' out
