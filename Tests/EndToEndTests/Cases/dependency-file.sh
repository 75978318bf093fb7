#!/bin/bash
# --dependency-file writes a make rule with all inputs.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
ar rcs libf.a f.o
$CC m.o libf.a -Wl,--dependency-file=m.d -o m
sed 's/\\$//' m.d | tr -d '\n' | grep -q '^m *:.*m\.o.*libf\.a'
grep -q '^m\.o:' m.d
