#!/bin/bash
# A thin archive of a thin archive, with a member in another folder.
. "$(dirname "$0")/../prelude.sh"

mkdir one two
echo 'int bar(void) { return 3; }' >bar.c
echo 'int bar(void); int main(void) { return bar() - 3; }' >m.c
gcc -c bar.c -o two/bar.o
gcc -c m.c
ar rcsT two/libinner.a two/bar.o
ar rcsT one/libouter.a two/libinner.a
$CC m.o one/libouter.a -o m
./m
