#!/bin/bash
# GIMPLE, bitcode and machine code in one link: each plugin takes the files of its compiler, and what
# one of them defines for another is not optimized away.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int g(void); int back(void) { return 4; } int main(void) { return g() - 7; }' >a.c
echo 'int h(void); int g(void) { return h() + 1; } int unused(void) { return 3; }' >b.c
echo 'int back(void); int h(void) { return back() + 2; }' >c.c
gcc -O2 -flto -c a.c && clang-19 -O2 -flto -c b.c && gcc -O2 -c c.c
# gcc names its own plugin; that of LLVM is found.
$CC -O2 -flto a.o b.o c.o -o m && ./m
lacks ' unused$' nm m
linked_by_swold m
$CC -O2 -flto b.o c.o a.o -o m && ./m
gcc -O2 -flto -c c.c
$CC -O2 -flto a.o b.o c.o -o m && ./m
# Both are named, and an option goes to the plugin in front of it.
$CC -O2 -flto a.o b.o c.o -o m -Wl,-plugin,/usr/lib/llvm-19/lib/LLVMgold.so,-plugin-opt=save-temps
./m && ls m.*.opt.bc
