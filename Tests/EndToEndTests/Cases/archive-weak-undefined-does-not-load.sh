#!/bin/bash
# A weak reference alone loads no member.
. "$(dirname "$0")/../prelude.sh"

echo 'int opt(void) { return 1; }' >opt.c
echo '__attribute__((weak)) int opt(void); int main(void) { return opt ? 1 : 0; }' >m.c
gcc -c opt.c
gcc -fno-pie -c m.c
ar rcs libopt.a opt.o
$CC -no-pie m.o libopt.a -o m
./m
lacks ' T opt' nm m
