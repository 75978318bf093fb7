#!/bin/bash
# Symbols get the versions that the script says; the rest is local.
. "$(dirname "$0")/../prelude.sh"

cat >v.map <<'END'
V1 { global: old; shared_*; local: *; };
V2 { global: new; } V1;
END
echo 'void old(void){} void new(void){} void shared_a(void){} void shared_b(void){} void rest(void){}' >l.c
$CC -shared -fPIC l.c -Wl,--version-script=v.map -Wl,-soname,libl.so -o libl.so
shows ' T old@@V1$' nm -D libl.so
shows ' T new@@V2$' nm -D libl.so
shows ' T shared_b@@V1$' nm -D libl.so
lacks ' rest' nm -D libl.so
shows 'Name: libl.so' readelf -VW libl.so
sane libl.so
