#!/bin/bash
# A program may define `end` or `etext` itself.
. "$(dirname "$0")/../prelude.sh"

echo 'int end = 3; int edata(void) { return 4; } int main(void) { return end + edata() != 7; }' >m.c
$CC m.c -o m
./m
sane m
