#!/bin/bash
# --why-extract says who needs an archive member; --print-archive-stats how many are taken.
. "$(dirname "$0")/../prelude.sh"

echo 'int g(void); int f(void) { return g(); }' >f.c
echo 'int g(void) { return 0; }' >g.c
echo 'int h(void) { return 0; }' >h.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c g.c h.c m.c
ar rcs libf.a h.o g.o f.o
$CC m.o libf.a -Wl,--why-extract=why -Wl,--print-archive-stats=stats -o m
./m
tab=$(printf '\t')
grep -qx "reference${tab}extracted${tab}symbol" why
grep -qx "m\.o${tab}libf\.a(f\.o)${tab}f" why
grep -qx "libf\.a(f\.o)${tab}libf\.a(g\.o)${tab}g" why
grep -qx "3${tab}2${tab}libf\.a" stats
