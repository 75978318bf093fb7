#!/bin/bash
# --no-undefined-version refuses a script that names what is not there.
. "$(dirname "$0")/../prelude.sh"

echo 'V1 { global: missing; local: *; };' >v.map
echo 'void keep(void){}' >l.c
$CC -shared -fPIC l.c -Wl,--version-script=v.map -Wl,--undefined-version -o libl.so
expect_fail $CC -shared -fPIC l.c -Wl,--version-script=v.map -Wl,--no-undefined-version -o l2.so
says 'missing'
