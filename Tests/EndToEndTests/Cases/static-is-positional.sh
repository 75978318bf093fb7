#!/bin/bash
# -static holds for the inputs behind it, as -Bstatic does, until -Bdynamic or --pop-state; without
# a shared library the program is static. Shared libraries named by path are refused. (GNU ld, lld)
. "$(dirname "$0")/../prelude.sh"

echo 'int which(void) { return 0; }' >a.c
echo 'int which(void) { return 1; }' >d.c
echo 'int which(void); int main(void) { return which(); }' >m.c
gcc -c a.c m.c
ar rcs libw.a a.o
gcc -shared -fPIC d.c -o libw.so -Wl,-soname,libw.so
$CC m.o -o mixed -L. -Wl,-static -lw -Wl,-Bdynamic
./mixed
shows 'NEEDED.*libc.so' readelf -d mixed
lacks 'NEEDED.*libw.so' readelf -d mixed
$CC m.o -o popped -L. -Wl,--push-state,-static,--pop-state -lw
shows 'NEEDED.*libw.so' readelf -d popped
shows INTERP readelf -l popped
$CC m.o -o behind -L. -lw -lc -Wl,-static -lgcc -Wl,-Bdynamic
shows 'NEEDED.*libw.so' readelf -d behind
$CC -static m.o -o static -L. -lw
./static
lacks 'INTERP|DYNAMIC' readelf -l static
for option in -static -Bstatic; do
  expect_fail "$SWOLD" m.o $option libw.so -e main -o m
  says 'libw.so.*shared library.*-Bstatic'
  expect_fail "$SWOLD" m.o -L. $option -l:libw.so -e main -o m
  says 'libw.so'
done
sane mixed popped behind static
