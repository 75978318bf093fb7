#!/bin/bash
# A function `foo` beside another function's foo@V1: they share the name only.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'X'
int foo(void) { return 2; }
int old(void) { return 1; }
__asm__(".symver old, foo@V1");
int own(void) { return foo(); }
X
gcc -fPIC -c l.c
exports() { readelf --dyn-syms -W libl.so | awk '$8 ~ /^foo(@|$)/ { print $8 }' | sort | xargs; }
echo 'int own(void); int main(void) { return own() != 2; }' >m.c
for script in 'V1 { };' 'V1 { }; V2 { foo; } V1;' 'V1 { foo; };'; do
  echo "$script" >map
  $CC -shared l.o -Wl,--version-script=map,-soname=libl.so -o libl.so
  case $script in
    *V2*) [ "$(exports)" = 'foo@@V2 foo@V1' ] ;;
    # One name and version cannot be two functions; the script means the old one. (GNU ld, lld)
    *foo*) [ "$(exports)" = foo@V1 ] ;;
    *) [ "$(exports)" = 'foo foo@V1' ] ;;
  esac
  $CC m.c libl.so -Wl,-rpath,. -o m
  ./m
  sane libl.so
done
