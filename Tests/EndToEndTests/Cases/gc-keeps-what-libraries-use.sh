#!/bin/bash
# A symbol that only a shared library refers to is a root.
. "$(dirname "$0")/../prelude.sh"

echo 'int callback(void); int run(void) { return callback(); }' >l.c
echo 'int callback(void) { return 5; } int run(void); int main(void) { return run() - 5; }' >m.c
gcc -shared -fPIC l.c -o libl.so
$CC -ffunction-sections -Wl,--gc-sections m.c ./libl.so -o m
./m
