#!/bin/bash
# --remap-inputs reads other files in the place of inputs: of the command line, of scripts, and libraries
# that -l found. The first that is said counts, exact names before patterns; as with lld.
. "$(dirname "$0")/../prelude.sh"

for i in 1 2 3; do echo "int value(void) { return $i; }" >v$i.c; done
echo '#include <stdio.h>
int value(void); int main(void) { printf("%d\n", value()); return 0; }' >m.c
gcc -c v1.c v2.c v3.c m.c
mkdir lib && ar rcs lib/libv.a v1.o && ar rcs other.a v2.o
echo 'INPUT(v1.o)' >script
prints() { # prints NUMBER ARGUMENT…
  local want=$1 linker
  shift
  for linker in "$CC" 'gcc -fuse-ld=lld'; do
    if [ "$linker" != "$CC" ] && [ "$MACHINE" != x86_64 ]; then continue; fi
    $linker m.o "$@" -o m
    [ "$(./m)" = "$want" ]
  done
}
prints 1 v1.o
prints 2 v1.o -Wl,--remap-inputs=v1.o=v2.o
prints 2 v1.o '-Wl,--remap-inputs=v[1]*=v2.o'
prints 3 v1.o '-Wl,--remap-inputs=v*=v2.o' -Wl,--remap-inputs=v1.o=v3.o
prints 2 v1.o '-Wl,--remap-inputs=v*=v2.o' '-Wl,--remap-inputs=v1*=v3.o'
prints 2 script -Wl,--remap-inputs=v1.o=v2.o
prints 2 -Llib -lv -Wl,--remap-inputs=lib/libv.a=other.a
printf '# comment\n\nv1.o=v3.o\n' >map
prints 3 v1.o -Wl,--remap-inputs-file=map
echo 'v1.o v2.o  # more' >map
$CC m.o v1.o -Wl,--remap-inputs-file=map -o m && [ "$(./m)" = 2 ]  # GNU ld's form
prints 2 v1.o v2.o -Wl,--remap-inputs=v1.o=/dev/null

echo 'one two three' >map
expect_fail $SWOLD m.o --remap-inputs-file=map -o no
says 'map:1: expected PATTERN=FILE'
expect_fail $SWOLD m.o --remap-inputs=m.o -o no
expect_fail $SWOLD m.o --remap-inputs-file=missing -o no
says 'cannot open missing'
