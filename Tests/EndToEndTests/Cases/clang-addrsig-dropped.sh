#!/bin/bash
# Sections that are only for the linker do not reach the output.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; } int (*p)(void) = f; int main(void) { return p(); }' >m.c
clang-19 -faddrsig -c m.c
has_section m.o .llvm_addrsig
$CC m.o -o m
./m
has_no_section m .llvm_addrsig
