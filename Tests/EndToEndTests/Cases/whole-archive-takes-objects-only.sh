#!/bin/bash
# Other files in an archive are passed over, but not where --whole-archive asks for every member:
# there both GNU ld and lld refuse them.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' | gcc -x c -c - -o m.o
echo 'int f(void) { return 0; }' | gcc -x c -c - -o f.o
echo text >readme
ar rcs inner.a f.o
ar rc outer.a f.o inner.a readme
$CC m.o outer.a -o m
./m
expect_fail $CC m.o -Wl,--whole-archive outer.a -Wl,--no-whole-archive -o n
says 'outer\.a\(inner\.a\): is no object'
says 'outer\.a\(readme\): is no object'
