#!/bin/bash
# A common symbol of a program gives way to initialised data of a library behind it (GNU ld, mold;
# lld keeps it); to nothing else: not to .bss, weak data, a function, data that is too small, or a
# library in front. Where it stays it is as large as the library's, which will use it.
. "$(dirname "$0")/../prelude.sh"

cat >main.c <<'END'
#include <stdio.h>
int bar[2];
int *where(void);
int main(void) { printf("%d %d\n", bar[0], bar == where()); return 0; }
END
library() { echo "$2; int *where(void) { return (int *)&bar; }" | gcc -fPIC -fno-common -shared -x c - -o $1.so; }
library data 'int bar[2] = {7, 7}'
library large 'int bar[4] = {7, 7, 7, 7}'
library constant 'const int bar[2] = {7, 7}'
library bss 'int bar[4]'
library weak 'int bar[4] __attribute__((weak)) = {7}'
library small 'int bar[1] = {7}'
for mode in "-fno-pie -no-pie" "-fPIE -pie"; do
  set -- $mode
  gcc -c -fcommon $1 main.c
  for name in data large constant; do
    $CC $2 main.o ./$name.so -o m
    [ "$(./m)" = "7 1" ]
  done
  for inputs in "main.o ./bss.so" "main.o ./weak.so" "main.o ./small.so" "./data.so main.o"; do
    $CC $2 $inputs -o m
    [ "$(./m)" = "0 1" ]
  done
  $CC $2 main.o ./bss.so -o m
  shows ' 16 OBJECT .* bar$' readelf -sW m
done
echo 'int bar[2]; int main(void) { return bar[0] - 7; }' | gcc -c -fcommon -x c - -o only.o
$CC only.o -Wl,--as-needed ./data.so -o m
./m
shows 'NEEDED.*data.so' readelf -d m
echo 'int bar[2] = {7};' | gcc -c -x c - -o own.o
$CC only.o own.o -Wl,--as-needed ./data.so -o m
./m
lacks 'NEEDED.*data.so' readelf -d m
# A hidden reference keeps it in the program.
echo 'extern int bar[2] __attribute__((visibility("hidden"))); int *hidden(void) { return bar; }' | gcc -c -x c - -o hidden.o
echo 'int bar[2]; int main(void) { return bar[0]; }' | gcc -c -fcommon -x c - -o zero.o
for inputs in "zero.o hidden.o ./data.so" "hidden.o zero.o ./data.so"; do
  $CC $inputs -o m
  ./m
done
