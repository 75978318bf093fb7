#!/bin/bash
# A library for another machine is passed over in the search for -l.
. "$(dirname "$0")/../prelude.sh"

mkdir other
clang-19 --target=aarch64-linux-gnu -x c -c - -o arm.o <<<'int f(void) { return 1; }'
ar rcs other/libf.a arm.o
echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
mkdir good
ar rcs good/libf.a f.o
$CC m.o -Lother -Lgood -lf -o m 2>err
./m
