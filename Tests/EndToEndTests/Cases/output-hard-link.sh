#!/bin/bash
# An output with a second name gets a new file; the other name keeps its content.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
echo 'int x[100]; int main(void) { return 1; }' >n.c
gcc -c m.c n.c
$CC m.o -o m
ln m other
cp m before
$CC n.o -o m
cmp other before
./other
