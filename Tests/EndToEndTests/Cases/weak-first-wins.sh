#!/bin/bash
# Of two weak definitions the first on the command line counts.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((weak)) int v(void) { return 1; }' >one.c
echo '__attribute__((weak)) int v(void) { return 2; }' >two.c
echo 'int v(void); int main(void) { return v(); }' >m.c
gcc -c one.c two.c m.c
$CC m.o one.o two.o -o m12
$CC m.o two.o one.o -o m21
r=0; ./m12 || r=$?; [ $r = 1 ]
r=0; ./m21 || r=$?; [ $r = 2 ]
