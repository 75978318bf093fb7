#!/bin/bash
# An exact name beats a pattern, a pattern beats the star.
. "$(dirname "$0")/../prelude.sh"

cat >v.map <<'END'
V1 { global: f*; local: *; };
V2 { global: foo; };
V3 { local: fab; };
END
echo 'void foo(void){} void far(void){} void fab(void){} void other(void){}' >l.c
$CC -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
shows ' foo@@V2$' nm -D libl.so
shows ' far@@V1$' nm -D libl.so
lacks 'fab|other' nm -D libl.so
