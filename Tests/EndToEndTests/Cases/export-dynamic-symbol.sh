#!/bin/bash
# --export-dynamic-symbol exports what a pattern says.
. "$(dirname "$0")/../prelude.sh"

echo 'int api_a(void) { return 0; } int api_b(void) { return 0; } int inner(void) { return 0; } int main(void) { return 0; }' >m.c
$CC m.c '-Wl,--export-dynamic-symbol=api_*' -o m
shows ' api_a$' nm -D m
shows ' api_b$' nm -D m
lacks ' inner$' nm -D m
