#!/bin/bash
# --whole-archive loads every member, until --no-whole-archive.
. "$(dirname "$0")/../prelude.sh"

cat >reg.c <<'END'
#include <stdio.h>
__attribute__((constructor)) static void reg(void) { puts("registered"); }
END
echo 'int never;' >never.c
echo 'int main(void) { return 0; }' >m.c
gcc -c reg.c never.c m.c
ar rcs libreg.a reg.o
ar rcs libnever.a never.o
$CC m.o -Wl,--whole-archive libreg.a -Wl,--no-whole-archive libnever.a -o m
[ "$(./m)" = registered ]
lacks never nm m
sane m
