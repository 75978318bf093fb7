#!/bin/bash
# A library with initial-exec code carries DF_STATIC_TLS.
. "$(dirname "$0")/../prelude.sh"

echo '__thread int x = 3; int f(void) { return x; }' >l.c
$CC -shared -fPIC -ftls-model=initial-exec l.c -o l.so
shows 'FLAGS.*STATIC_TLS' readelf -d l.so
$CC -shared -fPIC l.c -o l2.so
lacks 'STATIC_TLS' readelf -d l2.so
sane l.so l2.so
