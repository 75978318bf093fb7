#!/bin/bash
# --exclude-libs makes symbols of archives local, in a program without a dynamic section, too: they are
# no business of whoever reads its symbol table (lld; GNU ld makes them hidden).
. "$(dirname "$0")/../prelude.sh"

echo 'int shy = 7;' | $CC -x c -c - -o shy.o
echo 'int bold = 7;' | $CC -x c -c - -o bold.o
ar rc libshy.a shy.o
ar rc libbold.a bold.o
echo 'extern int shy, bold; int main(void) { return shy != bold; }' | $CC -x c -c - -o m.o
for mode in -static -no-pie; do
  $CC $mode m.o libshy.a libbold.a -Wl,--exclude-libs=libshy.a -o m
  ./m
  readelf -sW m | awk '$8 == "shy"' | grep -w LOCAL
  readelf -sW m | awk '$8 == "bold"' | grep -w GLOBAL
done
