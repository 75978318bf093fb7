#!/bin/bash
# --dynamic-list exports from a program.
. "$(dirname "$0")/../prelude.sh"

echo '{ api_*; "plain"; };' >list
echo 'int api_a(void) { return 0; } int plain(void) { return 0; } int inner(void) { return 0; } int main(void) { return 0; }' >m.c
$CC m.c -Wl,--dynamic-list=list -o m
shows ' api_a$' nm -D m
shows ' plain$' nm -D m
lacks ' inner$' nm -D m
