#!/bin/bash
# foo@ is the base version: what programs get that were linked before there were versions.
. "$(dirname "$0")/../prelude.sh"

cat >l.s <<'X'
.globl base, new
.type base, @function
.type new, @function
base: return 1
new: return 2
.symver base, foo@
.symver new, foo@@V2
X
echo 'V1 { }; V2 { } V1;' >map
as l.s -o l.o
$SWOLD -shared l.o --version-script map -soname libl.so -o libl.so
readelf --dyn-syms -W libl.so | awk '$8 ~ /^foo(@|$)/ { print $8 }' | sort | xargs | grep -qx 'foo foo@@V2'
# Hidden, so that no reference made now gets it by chance. (GNU ld; lld writes 1)
shows '(\(\*global\*\)|3 \(V2\)) .*1h' readelf -VW libl.so
sane libl.so

# A reference without a version gets the default, foo@ the base version.
echo '__asm__(".symver foo1, foo@"); int foo(void), foo1(void);
int main(void) { return foo() * 10 + foo1() != 21; }' >m.c
$CC m.c libl.so -Wl,-rpath,. -o m
./m
shows ' foo@V2 ' readelf --dyn-syms -W m
shows ' foo$' readelf --dyn-syms -W m
# lld's libraries do not hide the base version; the reference means the default still. (lld; GNU ld
# takes the base version. ld.so does whatever the reference says.)
ld.lld-19 -shared l.o --version-script map -soname libl.so -o libl.so
echo 'int foo(void); int main(void) { return foo() != 2; }' >n.c
$CC n.c libl.so -Wl,-rpath,. -o n
shows ' foo@V2 ' readelf --dyn-syms -W n

# Nothing else is foo@, and foo@ is nothing else.
echo 'int foo(void) { return 3; }' >plain.c
gcc -c plain.c m.c n.c
expect_fail $CC m.o plain.o -o bad
says 'undefined symbol: foo@$'
printf '.globl x\nx: ret\n.symver x, foo@\n' | as -o b.o
expect_fail $CC n.o b.o -o bad
says 'undefined symbol: foo$'
# Beside a plain foo it is another symbol, unless both are one place.
printf '.globl foo\nfoo: ret\n.symver foo, foo@\n' | as -o one.o
$SWOLD -shared one.o --version-script map -o one.so
[ "$(count ' foo$' readelf --dyn-syms -W one.so)" = 1 ]
gcc -fPIC -c plain.c
$SWOLD -shared plain.o b.o --version-script map -o two.so
[ "$(count ' foo$' readelf --dyn-syms -W two.so)" = 2 ]
