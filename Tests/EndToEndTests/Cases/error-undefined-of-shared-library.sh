#!/bin/bash
# A program is not linked with a library whose symbols nobody defines.
. "$(dirname "$0")/../prelude.sh"

echo 'int missing(void); int f(void) { return missing(); }' >f.c
echo 'int f(void); int main(int n, char **v) { return n > 5 ? f() : 0; }' >m.c
gcc -shared -fPIC f.c -o libf.so
gcc -c m.c
expect_fail $CC m.o ./libf.so -o m
says 'missing'
$CC m.o ./libf.so -Wl,--allow-shlib-undefined -o m
./m
