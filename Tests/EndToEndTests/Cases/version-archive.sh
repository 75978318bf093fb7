#!/bin/bash
# foo@V pulls the archive member that defines this version, the default or not; no other member.
. "$(dirname "$0")/../prelude.sh"

# member NAME : an archive whose only member defines foo under NAME
member() {
  printf '.globl x\n.type x, @function\nx: return 5\n.symver x, %s\n' "$1" | as -o m.o
  rm -f lib.a
  ar cr lib.a m.o
}
echo '__asm__(".symver old, foo@V1"); int old(void); int main(void) { return old() != 5; }' >v.c
echo 'int foo(void); int main(void) { return foo() != 5; }' >p.c
gcc -fPIC -c v.c p.c
for version in foo@V1 foo@@V1; do  # the latter as GNU ld
  member $version
  $CC v.o lib.a -o v && ./v
  $CC -static v.o lib.a -o v && ./v
done
$CC p.o lib.a -o p && ./p
member foo@@V2
$CC p.o lib.a -o p && ./p
expect_fail $CC v.o lib.a -o v
says 'undefined symbol: foo@V1'
member foo@V1
expect_fail $CC p.o lib.a -o p
says 'undefined symbol: foo$'

# -u, with either spelling.
echo 'int main(void) { return 0; }' >n.c
member foo@@V1
for name in foo foo@V1 foo@@V1; do
  $CC n.c lib.a -Wl,-u,$name -o n
  shows ' T foo@@V1$' nm n
done
# What comes first on the command line, archive or library, as without versions. (GNU ld)
echo 'V1 { foo; };' >map
echo 'int foo(void) { return 6; }' >l.c
gcc -shared -fPIC l.c -Wl,--version-script=map,-soname=libl.so -o libl.so
$CC v.o lib.a libl.so -Wl,-rpath,. -o v && ./v
$CC v.o libl.so lib.a -Wl,-rpath,. -o v && ! ./v
shows 'UND foo@V1 ' readelf --dyn-syms -W v
# A library under --as-needed is needed for an old version alone.
printf '.globl x\nx: return 5\n.symver x, foo@V1\n' | as -o o.o
echo 'V1 { };' >map
gcc -shared o.o -Wl,--version-script=map,-soname=liboo.so -o liboo.so
$CC v.o -Wl,--as-needed liboo.so -Wl,-rpath,. -o v && ./v
