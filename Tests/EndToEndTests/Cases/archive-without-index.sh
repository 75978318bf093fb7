#!/bin/bash
# Members are found in an archive that has no symbol index.
. "$(dirname "$0")/../prelude.sh"

echo 'int bar(void) { return 3; }' >bar.c
echo 'int bar(void); int main(void) { return bar() - 3; }' >m.c
gcc -c bar.c m.c
ar rcS libbar.a bar.o
$CC m.o libbar.a -o m
./m
