#!/bin/bash
# A program has DT_DEBUG, which debuggers read; a library has none.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC m.c -o m
$CC -shared -fPIC m.c -o m.so
shows '\(DEBUG\)' readelf -d m
lacks '\(DEBUG\)' readelf -d m.so
