#!/bin/bash
# clang's profile runtime is pulled in by -u.
# machines: x86_64 i386 (run-time libraries of clang)
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CLANG -fprofile-instr-generate -fcoverage-mapping m.c -o m
LLVM_PROFILE_FILE=$PWD/out.profraw ./m
[ -s out.profraw ]
shows 'main' llvm-profdata-19 show --all-functions out.profraw
