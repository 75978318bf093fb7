#!/bin/bash
# --trace prints files in input order, and the archive members that are taken.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int g(void) { return 0; }' >g.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c g.c m.c
ar rcs libf.a g.o f.o
$CC m.o libf.a -Wl,-t -o m | grep -E '^(m\.o|libf\.a|\(libf\.a\).*)$' >out
printf 'm.o\nlibf.a\n(libf.a)f.o\n' | cmp - out
