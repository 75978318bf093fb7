#!/bin/bash
# The place of the build does not change the output.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
mkdir -p one two/deep
for d in one two/deep; do (cp m.o $d && cd $d && $CC m.o -Wl,--build-id -o m); done
cmp one/m two/deep/m
