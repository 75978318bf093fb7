#!/bin/bash
# Plug-ins register in a section that the map sorts by name, also under --gc-sections.
. "$(dirname "$0")/../prelude.sh"

example=$(cd "$CASES/../../../Examples/plug-ins" && pwd)
for file in main last log http; do gcc -O1 -fPIC -c "$example/$file.c" -o $file.o; done
printf "log\nhttp\nlast\n$((3 * BITS / 8)) bytes\n" >expected
for mode in -no-pie '-no-pie -Wl,--gc-sections' '-static -Wl,--gc-sections'; do
  $CC $mode -Wl,--section-map="$example/layout.smap" main.o last.o log.o http.o -o program
  ./program >out
  diff expected out
  sane program
done
