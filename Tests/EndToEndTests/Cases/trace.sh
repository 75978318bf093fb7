#!/bin/bash
# -t names the files that take part; --trace-symbol the files that mention a symbol.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
ar rcs libf.a f.o
$CC m.o libf.a -Wl,--trace -o m >out 2>&1
grep -q '^m\.o$' out
grep -q 'libf\.a' out
$CC m.o libf.a -Wl,-y,f -o m >out 2>&1
grep -q 'm\.o.*reference to' out
grep -q 'f\.o.*definition of' out
