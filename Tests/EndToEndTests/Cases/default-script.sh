#!/bin/bash
# --default-script is a script that counts where no -T does.
. "$(dirname "$0")/../prelude.sh"

echo 'int one(void), value(void); int main(void) { return one() - value(); }' >m.c
echo 'int value(void) { return 1; } int one(void) { return 1; }' >v.c
echo 'int value(void) { return 2; } int one(void) { return 2; }' >w.c
gcc -w -c m.c v.c w.c
echo 'INPUT(v.o)' >default.ld && echo 'INPUT(w.o)' >own.ld
for spelling in '--default-script=default.ld' '-dT default.ld'; do
  $SWOLD -r m.o $spelling -o r.o
  $CC r.o -o m && ./m
done
$SWOLD -r m.o --default-script=default.ld -T own.ld -o r.o
$CC r.o -o m && ./m
shows ' T value' nm r.o
