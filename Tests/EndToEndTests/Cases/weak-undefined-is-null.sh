#!/bin/bash
# An undefined weak function of a fixed-address program is a null pointer.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((weak)) void w(void); int main(void) { if (w) w(); return w != 0; }' >m.c
for mode in '-fno-pie -no-pie' '-fno-pie -static' '-fPIE -static-pie' '-fPIE -pie'; do
  supports $mode || continue
  $CC $mode m.c -o m
  ./m
  sane m
done
