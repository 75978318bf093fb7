#!/bin/bash
# Options for how LLVM's plugin generates code: sections, partitions, virtual calls, what it says of its passes.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <stdio.h>
int two(int);
int main(int c, char **v) { (void)v; for (int i = 0; i < c + 3; i++) if (two(i) > 4) puts("big"); else printf("%d\n", i); return 0; }
END
echo '__attribute__((noinline)) int two(int c) { return c > 7 ? c * 3 : c + 1; }' >b.c
clang-19 -O2 -flto -c a.c b.c
link() { $CLANG -flto a.o b.o -o m -Wl,--lto-obj-path=kept.o "$@" 2>log && ./m >out; }
parts() { readelf -SW kept.o | grep -cE " \.text\.main[ .]${1-}" || true; }
link && [ "$(parts)" = 1 ]
link -Wl,--lto-basic-block-sections=all && [ "$(parts)" -gt 3 ]
[ "$(parts main.__part)" = 0 ]
link -Wl,--lto-basic-block-sections=all,--lto-unique-basic-block-section-names
[ "$(parts main.__part)" -gt 3 ]
link -Wl,--lto-basic-block-sections=all,--lto-unique-basic-block-section-names,--no-lto-unique-basic-block-section-names
[ "$(parts main.__part)" = 0 ]
echo '!main' >blocks
link -Wl,--lto-basic-block-sections=blocks && shows '\.text\.hot\.main' readelf -SW kept.o
[ ! -e kept.o1 ]
link -Wl,--lto-partitions=2 && shows ' T two$' nm kept.o kept.o1
link -Wl,--lto-debug-pass-manager && grep -q 'Running pass: GlobalDCEPass' log
# LLVM's release builds do not verify anyway.
link -Wl,--disable-verify && [ ! -s log ]
link -Wl,--lto=full,--no-legacy-pass-manager,--no-lto-legacy-pass-manager && [ ! -s log ]
# What its plugin has no word for is said.
for option in --lto-CGO0 --lto-pseudo-probe-for-profiling; do
  link -Wl,$option && grep -q "warning: $option means nothing to LLVM's plugin" log
done
# With nobody else to override it, a virtual function is called directly.
cat >v.cc <<'END'
struct A { virtual int f(); };
int A::f() { return 7; }
__attribute__((noinline)) int call(A *a) { return a->f(); }
int main() { A *a = new A; return call(a) - 7; }
END
clang++-19 -O1 -flto -fwhole-program-vtables -c v.cc
indirect() { $CLANGXX -flto -fwhole-program-vtables v.o -o v "$@" && ./v && count '(jmp|call) +\*' objdump -d v --disassemble=_Z4callP1A; }
[ "$(indirect)" = 1 ]
[ "$(indirect -Wl,--lto-whole-program-visibility)" = 0 ]
[ "$(indirect -Wl,--lto-whole-program-visibility,--no-lto-whole-program-visibility)" = 1 ]
