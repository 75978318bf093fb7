#!/bin/bash
# A script lies in the sysroot if its real path does, however both are spelled: with `..`, relative,
# by links, found by -l or named. `sys2` does not lie in `sys`. (GNU ld, lld)
. "$(dirname "$0")/../prelude.sh"

mkdir -p gcc/x sys/usr/lib sys/lib sys2
echo '.globl f; f: ret' | as -o f.o
echo '.globl _start; _start: call f; exit 0' | as -o m.o
ar rc sys/lib/libreal.a f.o
echo 'INPUT(/lib/libreal.a)' | tee sys/usr/lib/libshim.so >sys2/libshim.so
ln -s sys link
ln -s sys/usr/lib/libshim.so elsewhere.so
for root in "$PWD/sys" "$PWD/sys/" sys link "$PWD/gcc/../sys"; do
  for use in -Lsys/usr/lib -L"$PWD/gcc/x/../../sys/usr/lib" -Llink/usr/lib; do
    $SWOLD m.o --sysroot="$root" "$use" -lshim -o m
    ./m
  done
  for use in sys/usr/lib/libshim.so "$PWD/link/usr/lib/libshim.so" elsewhere.so "-T elsewhere.so"; do
    $SWOLD m.o --sysroot="$root" $use -o m
  done
  $SWOLD m.o --sysroot="$root" =/lib/libreal.a -o m
  for use in sys2/libshim.so "-Lsys2 -lshim"; do
    expect_fail "$SWOLD" m.o --sysroot="$root" $use -o m
    says 'cannot open /lib/libreal.a \(named by .*sys2/libshim.so\)'
  done
done
