#!/bin/bash
# A function keeps its own name beside the versions that .symver gives it: one symbol, not two.
. "$(dirname "$0")/../prelude.sh"

# export SCRIPT VERSION… : foo with these versions; prints what the library exports of it
export_foo() {
  echo "$1" >map
  { printf '.globl foo\n.type foo, @function\nfoo: return 7\n'
    shift
    printf '.symver foo, foo%s\n' "$@"; } | as -o l.o
  $SWOLD -shared l.o --version-script map -soname libl.so -o libl.so
  readelf --dyn-syms -W libl.so | awk '$8 ~ /^foo(@|$)/ { print $8 }' | sort | xargs
}

# The default version is the name itself, whatever the script says about foo.
[ "$(export_foo 'V1 { local: *; }; V2 { } V1;' @@V2)" = foo@@V2 ]
echo 'int foo(void); int main(void) { return foo() != 7; }' >m.c
$CC m.c libl.so -Wl,-rpath,. -o m
./m
[ "$(export_foo 'V1 { }; V2 { foo; } V1;' @@V2)" = foo@@V2 ]  # GNU ld 2.40 sees two definitions
[ "$(export_foo 'V1 { foo; }; V2 { } V1;' @@V2)" = foo@@V2 ]
# An old version is all that the script's foo means, if the script lists it there.
[ "$(export_foo 'V1 { foo; };' @V1)" = foo@V1 ]
[ "$(export_foo 'V1 { local: foo; }; V2 { *; } V1;' @V2)" = foo@V2 ]
# In another node foo is one more symbol; in none it is the old one.
[ "$(export_foo 'V1 { }; V2 { foo; } V1;' @V1)" = 'foo@@V2 foo@V1' ]
[ "$(export_foo 'V1 { };' @V1)" = foo@V1 ]
# Two versions of one function, in one of which a pattern puts foo.
[ "$(export_foo 'new { }; old { *; };' @old @@new)" = 'foo@@new foo@old' ]
[ "$(export_foo 'V1 { }; V2 { };' @V1 @V2)" = 'foo@V1 foo@V2' ]
sane libl.so

# What the library calls foo is then foo@V1, and others may replace it (GNU ld, lld).
echo 'int foo(void); int call_foo(void) { return foo(); }' | gcc -fPIC -c -x c - -o c.o
for nodes in 'V1 { global: foo; call_foo; };' 'V1 { global: call_foo; };'; do
  export_foo "$nodes" @V1
  $SWOLD -shared l.o c.o --version-script map -soname libl.so -o libl.so
  echo 'int call_foo(void); int foo(void) { return 9; } int main(void) { return call_foo() != 9; }' >m.c
  $CC m.c libl.so -Wl,--export-dynamic-symbol=foo -Wl,-rpath,. -o m
  ./m
done
