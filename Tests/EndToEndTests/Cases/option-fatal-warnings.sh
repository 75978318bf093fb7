#!/bin/bash
# --fatal-warnings turns a warning into an error; without warnings it is silent.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
expect_fail $CC m.o -Wl,--fatal-warnings -Wl,-z,sillykeyword -o m
[ ! -e m ]
$CC m.o -Wl,--fatal-warnings -o m 2>err
[ ! -s err ]
./m
$CC m.o -Wl,--fatal-warnings -Wl,--no-fatal-warnings -Wl,-z,sillykeyword -o m2
./m2
