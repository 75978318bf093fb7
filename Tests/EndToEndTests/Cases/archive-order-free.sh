#!/bin/bash
# A library may come before the object that needs it.
. "$(dirname "$0")/../prelude.sh"

echo 'int bar(void) { return 3; }' >bar.c
echo 'int bar(void); int main(void) { return bar() - 3; }' >m.c
gcc -c bar.c m.c
ar rcs libbar.a bar.o
$CC libbar.a m.o -o m
./m
sane m
