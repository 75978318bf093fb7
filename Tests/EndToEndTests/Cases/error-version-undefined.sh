#!/bin/bash
# A version that nobody defines is an error in libraries, too: they could not say whose it is.
. "$(dirname "$0")/../prelude.sh"

echo '__asm__(".symver foo, foo@V1"); int foo(void); int g(void) { return foo(); }' >g.c
echo 'int foo(void) { return 1; }' >p.c
echo 'int g(void); int main(void) { return g(); }' >m.c
gcc -fPIC -c g.c m.c p.c
echo 'V1 { foo; };' >v1; echo 'V2 { foo; };' >v2
$CC -shared p.o -Wl,-soname,libp.so -o libp.so
$CC -shared p.o -Wl,--version-script=v2,-soname=libq.so -o libq.so

for others in '' p.o ./libp.so ./libq.so; do
  for output in -shared '-pie m.o' '-no-pie m.o' '-static m.o'; do
    case $output$others in -static*.so) continue ;; esac
    expect_fail $CC $output g.o $others -o bad
    says 'undefined symbol: foo@V1'
  done
done
says 'g.o'
expect_fail $CC -shared g.o ./libq.so -o bad
says 'libq.so defines foo@@V2'
expect_fail $CC -shared g.o ./libp.so -Wl,--unresolved-symbols=ignore-all -o bad
says 'libp.so defines foo, which has no version'
# Not even a script makes a plain foo serve a reference inside. (GNU ld, lld)
expect_fail $CC -shared g.o p.o -Wl,--version-script=v1 -o bad
says 'undefined symbol: foo@V1'

# Weak: zero where the dynamic linker need not be asked (GNU ld; lld: an error everywhere).
sed 's/int foo(void);/& __attribute__((weak)) int foo(void);/; s/return foo()/return foo ? 1 : 0/' g.c >w.c
gcc -fPIC -c w.c
$CC -static m.o w.o -o m
./m
expect_fail $CC -shared w.o -o bad
says 'undefined symbol: foo@V1'
