#!/bin/bash
# Options for LLVM's plugin, by the names that lld gives them: each has its effect.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int two(void); int main(void) { return two() - 2; }' >a.c
echo 'int two(void) { return 2; }' >b.c
clang-19 -O2 -flto -c a.c b.c
$CLANG -flto a.o b.o -o m -Wl,--save-temps,--lto-obj-path=kept.o && ./m
ls m.*.opt.bc && shows ' T main$' nm kept.o
$CLANG -flto a.o b.o -o m.bc -Wl,--lto-emit-llvm
shows 'define.*@main' llvm-dis-19 m.bc -o -
$CLANG -flto a.o b.o -o m -Wl,--lto-obj-path=m.s,--lto-emit-asm
grep -q 'main:' m.s
$CLANG -flto a.o b.o -o m -Wl,--opt-remarks-filename=remarks,--opt-remarks-passes=prologepilog && ./m
grep -q 'Pass: *prologepilog' remarks
$CLANG -flto a.o b.o -o m -Wl,-mllvm,-time-passes 2>log && ./m
grep -q 'Pass execution timing' log
$CLANG -O0 -flto a.o b.o -o m -Wl,--lto-O0 && ./m
shows 'call.*<two>' objdump -d m
# A response file that can be read once, and a folder to go to.
mkdir sub && mv a.o b.o sub
$SWOLD -C sub -r @<(echo a.o b.o) -o joined.o
shows ' T main$' nm sub/joined.o
clang-19 -O2 -flto=thin -c a.c b.c
rm -f m && $CLANG -flto=thin a.o b.o -o m -Wl,--thinlto-index-only=list,--thinlto-emit-imports-files
ls a.o.thinlto.bc a.o.imports && cmp list <(printf 'a.o\nb.o\n')
[ ! -e m ]
# What the plugin has no word for is said.
$CLANG -flto=thin a.o b.o -o m -Wl,--lto-newpm-passes=default 2>log && ./m
grep -q 'warning: --lto-newpm-passes=default means nothing' log
