#!/bin/bash
# A library's versions are those of its version script; a program's may come from names alone.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 2; } __asm__(".symver f, foo@@VX");' >l.c
echo 'int f(void) { return 2; } __asm__(".symver f, foo@VX");' >k.c
gcc -fPIC -c l.c k.c
echo 'V1 { };' >named
echo '{ global: foo; };' >anonymous
for object in l.o k.o; do
  expect_fail $CC -shared $object -o libl.so
  says "$object: symbol foo@@?VX has version VX, which no version script defines"
  for script in named anonymous; do
    expect_fail $CC -shared $object -Wl,--version-script=$script -o libl.so
    says VX
  done
done
# What is hidden needs no version.
echo '__attribute__((visibility("hidden"))) int f(void) { return 2; } __asm__(".symver f, foo@@VX");' >h.c
$CC -shared -fPIC h.c -o libh.so

echo 'int main(void) { return 0; }' >m.c
$CC -rdynamic m.c l.o -o m
./m
shows ' foo@@VX$' readelf --dyn-syms -W m
shows 'Name: VX' readelf -VW m
# A version that no symbol has is defined nevertheless.
echo "V1 { }; V2 { } V1;" >empty
$CC -shared -fPIC m.c -Wl,--version-script=empty -o liba.so
shows 'Name: V2' readelf -VW liba.so
sane m liba.so
