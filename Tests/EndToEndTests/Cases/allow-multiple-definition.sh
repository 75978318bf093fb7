#!/bin/bash
# -z muldefs and --allow-multiple-definition take the first definition.
. "$(dirname "$0")/../prelude.sh"

echo 'int v(void) { return 1; }' >a.c
echo 'int v(void) { return 2; }' >b.c
echo 'int v(void); int main(void) { return v() - 1; }' >m.c
gcc -c a.c b.c m.c
$CC m.o a.o b.o -Wl,-z,muldefs -o m1
$CC m.o a.o b.o -Wl,--allow-multiple-definition -o m2
./m1
./m2
