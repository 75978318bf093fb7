#!/bin/bash
# A broken .llvm_addrsig is one clear error, and without --icf nobody looks at it.
. "$(dirname "$0")/../prelude.sh"

echo 'int a(int x) { return x + 9; } int b(int x) { return x + 9; } int _start(void) { return a(b(1)); }' >a.c
$CLANG -O1 -fno-inline -ffunction-sections -faddrsig -c a.c
for bytes in '\377' '\200\200\200\200\200\200\200\200\200\200\200\200\200' '\177' '\1\2\200'; do
  printf "$bytes" >table
  cp a.o broken.o
  perl -e '
    open my $t, "<", "table" or die; local $/; my $table = <$t>;
    open my $f, "+<", "broken.o" or die; my $o = <$f>;
    my ($shoff, $size, $count) = (unpack("Q", substr $o, 40, 8), unpack("S", substr $o, 58, 2), unpack("S", substr $o, 60, 2));
    for my $i (0 .. $count - 1) {
      my $at = $shoff + $i * $size;
      next if unpack("L", substr $o, $at + 4, 4) != 0x6fff4c03;
      substr($o, $at + 24, 16) = pack("QQ", length $o, length $table);
      $o .= $table;
    }
    seek $f, 0, 0; print $f $o;
  '
  expect_fail "$SWOLD" --icf=safe broken.o -o broken
  says 'broken\.o.*\.llvm_addrsig does not list symbols'
  [ ! -e broken ]
  "$SWOLD" broken.o -o fine
  "$SWOLD" --icf=all --ignore-data-address-equality broken.o -o fine
done
