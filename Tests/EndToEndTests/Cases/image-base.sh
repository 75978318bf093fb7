#!/bin/bash
# --image-base places the ELF header of a fixed-address program.
. "$(dirname "$0")/../prelude.sh"

echo 'extern char __executable_start[]; int main(void) { return (long)__executable_start != 0x10000000; }' >m.c
for option in --image-base=0x10000000 -Ttext-segment=0x10000000; do
  $CC -fno-pie -no-pie m.c -Wl,$option -o m
  ./m
  shows '^ *LOAD +0x000000 0x0*10000000 ' readelf -lW m
done
sane m
page=1000
[ $MACHINE != aarch64 ] || page=10000
# The headers are the beginning of the file, so they begin a page. GNU ld takes the page before.
$CC -no-pie m.c -Wl,--image-base=0x10000800 -o n 2>err
grep -q '0x10000800.* no multiple of the page size' err
shows "^ *LOAD +0x000000 0x0*$(printf %x $((0x10000000 + 0x$page))) " readelf -lW n
