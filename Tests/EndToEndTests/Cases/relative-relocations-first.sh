#!/bin/bash
# DT_RELACOUNT says how many relative relocations come first.
. "$(dirname "$0")/../prelude.sh"

echo 'extern int e; static int a[9]; int *p[] = {a, &e, a + 2, a + 3};' >l.c
$CC -shared -fPIC l.c -o l.so
n=$(readelf -d l.so | awk '/RELA?COUNT/ { print $3 }')
[ "$n" = "$(count "${R}RELATIVE" readelf -rW l.so)" ]
[ "$(readelf -rW l.so | grep -oE "$R[A-Z0-9]+" | sed -n "1,${n}p" | sort -u)" = "${R}RELATIVE" ]
