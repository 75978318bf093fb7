#!/bin/bash
# `extends default`: hot functions in the order of a file, and a table at a fixed address; glibc and
# musl, with and without shared libraries.
# machines: x86_64 (compilers of other machines are not installed)
. "$(dirname "$0")/../prelude.sh"

example=$(cd "$CASES/../../../Examples/hot-functions" && pwd)
cat >expected <<'END'
order third first second
hot 1
aligned 1
table 0x10000000 of 16 bytes, sum 5
END
for compiler in gcc musl-gcc; do
  for file in app_main app_work; do
    $compiler -O1 -fno-pie -ffunction-sections -c "$example/$file.c" -o $file.o
  done
  for mode in '' -static; do
    $compiler -B"$LD_DIR" -no-pie $mode -Wl,--gc-sections -Wl,--section-map="$example/layout.smap" \
      app_main.o app_work.o -o app
    ./app >out
    diff expected out
    sane app
    [ "$(section app .fixed_table address)" = 0000000010000000 ]
  done
done
# A pin cannot be had in a program that may be loaded anywhere.
gcc -O1 -fPIE -c "$example/app_main.c" -o app_main.o
expect_fail gcc -B"$LD_DIR" -pie -Wl,--section-map="$example/layout.smap" app_main.o -o pie
says 'SM305'
[ ! -e pie ]
