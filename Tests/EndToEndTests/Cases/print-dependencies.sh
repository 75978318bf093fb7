#!/bin/bash
# --print-dependencies says which section needs which, and by what symbol, in mold's four fields; what
# garbage collection leaves out is not there.
. "$(dirname "$0")/../prelude.sh"

echo 'void g(void); void w(void) __attribute__((weak)); int puts(const char *);
void unused(void) { g(); } int main(void) { g(); g(); if (w) w(); puts("x"); return 0; }' >a.c
echo 'void h(void) {} void g(void) { h(); } void w(void) {}' >b.c
gcc -fPIC -ffunction-sections -c a.c b.c
$CC a.o b.o -Wl,--print-dependencies >out
tab=$(printf '\t')
grep -qxF "a.o:(.text.main)${tab}b.o:(.text.g)${tab}u${tab}g" out
grep -qxF "a.o:(.text.unused)${tab}b.o:(.text.g)${tab}u${tab}g" out
grep -qxF "a.o:(.text.main)${tab}b.o:(.text.w)${tab}w${tab}w" out
grep -qE "^a\.o:\(\.text\.main\)$tab.*libc\.so.*${tab}u${tab}puts$" out
[ "$(grep -c 'text.main).*b.o.*g$' out)" = 1 ]
lacks 'b\.o.*b\.o' cat out
$CC a.o b.o -Wl,--print-dependencies,--gc-sections >out
lacks 'unused' cat out
if [ "$MACHINE" = x86_64 ]; then
  ours() { grep "^[ab]\.o:(\.text.*${tab}[ab]\.o" "$1" | sort; }
  $CC a.o b.o -Wl,--print-dependencies >out
  gcc -fuse-ld=mold a.o b.o -Wl,--print-dependencies >out.mold
  ours out >one && ours out.mold >two && [ -s one ] && diff one two
fi
