#!/bin/bash
# gcc -pg uses other start files and the bounds of the code.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(int n) { return n ? f(n - 1) : 0; } int main(void) { return f(9); }' >m.c
$CC -pg m.c -o m
./m
[ -s gmon.out ]
