#!/bin/bash
# The names of --defsym and their surroundings: --wrap holds for what an expression refers to, version
# scripts for the new name, which may carry a version; -e, -u, -init, -Map and -y know it.
. "$(dirname "$0")/../prelude.sh"

cat >w.c <<'END'
int foo(void), alias(void);
int __wrap_foo(void) { return 5; }
int main(void) { return alias() * 10 + foo(); }
END
echo 'int foo(void) { return 4; }' >f.c
gcc -fPIC -c w.c f.c
runs() { local code=0; ./m || code=$?; [ $code = "$1" ] || fail "exit $code instead of $1"; }
$CC w.o f.o -Wl,--wrap=foo,--defsym=alias=foo -o m
runs 55
$CC w.o f.o -Wl,--wrap=foo,--defsym=alias=__real_foo -o m
runs 45
$CC w.o f.o -Wl,--defsym=alias=foo,--export-dynamic-symbol=alias -o m
runs 44
shows ' FUNC +GLOBAL DEFAULT +[0-9]+ alias$' readelf --dyn-syms -W m

echo 'V1 { foo; alias; old; local: *; }; V2 { };' >v.map
$CC -shared f.o -Wl,--version-script=v.map,--defsym=alias=foo,--defsym=gone=foo \
  -Wl,--defsym=second@@V2=foo,--defsym=old@V1=foo -o libf.so
for name in alias@@V1 foo@@V1 second@@V2 old@V1; do shows " $name\$" readelf --dyn-syms -W libf.so; done
lacks ' gone' readelf --dyn-syms -W libf.so

cat >a.s <<'END'
.globl _start, foo
.text
_start: ret
foo: nop
END
as a.s -o a.o
$SWOLD a.o --defsym=begin=foo --defsym=five=5 -e begin -u begin --require-defined=five -y begin \
  -Map t.map -o t >trace
shows "Entry point address: +0x0*$(address t foo | sed 's/^0*//')" readelf -hW t
grep -q '<linker>: definition of begin' trace
grep -q ' begin = foo$' t.map
grep -q '^ *5 .* five = 5$' t.map
$SWOLD -shared a.o --defsym=begin=foo -init begin -fini foo -o t.so
shows "INIT.* 0x$(address t.so foo | sed 's/^0*//')$" readelf -dW t.so
