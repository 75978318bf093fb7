#!/bin/bash
# gcc's undefined-behaviour sanitizer names the line.
# machines: -riscv64 (Debian has no libubsan for it)
. "$(dirname "$0")/../prelude.sh"

echo 'int main(int n, char **v) { return (0x7fffffff + n) == 0; }' >m.c
$CC -g -fsanitize=undefined m.c -o m
./m 2>err
grep -q 'm\.c:1.*overflow' err
