#!/bin/bash
# A file with INPUT, GROUP and AS_NEEDED stands for the files it names.
. "$(dirname "$0")/../prelude.sh"

echo 'int a(void) { return 1; }' >a.c
echo 'int b(void) { return 2; }' >b.c
echo 'int c(void) { return 3; }' >c.c
echo 'int a(void); int b(void); int main(void) { return a() + b() != 3; }' >m.c
gcc -c a.c b.c m.c
ar rcs libb.a b.o
gcc -shared -fPIC c.c -o libc3.so
cat >libgroup.so <<END
/* GNU ld script: a comment, as in libc.so */
OUTPUT_FORMAT($BFD)
INPUT ( a.o )
GROUP ( -lb AS_NEEDED ( libc3.so ) )
END
$CC m.o -L. -lgroup -o m
./m
lacks 'NEEDED.*libc3' readelf -d m
