#!/bin/bash
# -z defs refuses undefined symbols in a library, the default allows them.
. "$(dirname "$0")/../prelude.sh"

echo 'int missing(void); int f(void) { return missing(); }' >f.c
gcc -fPIC -c f.c
$CC -shared f.o -o f.so
shows ' U missing$' nm -D f.so
expect_fail $CC -shared f.o -Wl,-z,defs -o g.so
says 'missing'
expect_fail $CC -shared f.o -Wl,--no-undefined -o g.so
[ ! -e g.so ]
