#!/bin/bash
# Question marks, sets and stars in the middle of a name.
. "$(dirname "$0")/../prelude.sh"

echo 'V1 { global: a?c; b[0-9]d; c*e*g; local: *; };' >v.map
echo 'void abc(void){} void ac(void){} void b5d(void){} void bxd(void){} void c1e2g(void){} void ceg(void){} void ceh(void){}' >l.c
$CC -shared -fPIC l.c -Wl,--version-script=v.map -o libl.so
[ "$(nm -D --defined-only libl.so | awk '$2 == "T" { print $3 }' | tr '\n' ' ')" = \
  "abc@@V1 b5d@@V1 c1e2g@@V1 ceg@@V1 " ]
