#!/bin/bash
# An archive without members is fine.
. "$(dirname "$0")/../prelude.sh"

ar rcs libempty.a
echo 'int main(void) { return 0; }' >m.c
$CC m.c libempty.a -o m
./m
