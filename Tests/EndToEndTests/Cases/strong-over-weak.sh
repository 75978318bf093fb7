#!/bin/bash
# A strong definition wins over a weak one, whichever comes first.
. "$(dirname "$0")/../prelude.sh"

echo '__attribute__((weak)) int v(void) { return 1; }' >weak.c
echo 'int v(void) { return 2; }' >strong.c
echo 'int v(void); int main(void) { return v() != 2; }' >m.c
gcc -c weak.c strong.c m.c
$CC m.o weak.o strong.o -o m1
$CC m.o strong.o weak.o -o m2
./m1
./m2
