#!/bin/bash
# --no-undefined-version refuses a script that names what is not there.
. "$(dirname "$0")/../prelude.sh"

echo 'V1 { global: missing; local: *; };' >v.map
echo 'void keep(void){}' >l.c
$CC -shared -fPIC l.c -Wl,--version-script=v.map -Wl,--undefined-version -o libl.so
expect_fail $CC -shared -fPIC l.c -Wl,--version-script=v.map -Wl,--no-undefined-version -o l2.so
says 'missing'

# foo@V2 is what V2 lists as foo, and not what V1 does; foo itself is both.
printf '.globl n\nn: ret\n.symver n, foo@V2\n' | as -o v.o
echo 'V1 { n; }; V2 { foo; };' >v.map
$SWOLD -shared v.o --version-script v.map --no-undefined-version -o v.so
echo 'V1 { foo; }; V2 { };' >v.map
expect_fail $SWOLD -shared v.o --version-script v.map --no-undefined-version -o v.so
says 'foo'
printf '.globl foo\nfoo: ret\n' | as -o p.o
$SWOLD -shared v.o p.o --version-script v.map --no-undefined-version -o v.so
