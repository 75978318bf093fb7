#!/bin/bash
# A static PIE has a dynamic section, relocates itself, and has no interpreter.
# machines: -riscv64 -arm (the C library has no rcrt1.o for static PIEs)
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
static int value = 5;
int *pointer = &value;
int main(void) { printf("%d\n", *pointer); return 0; }
END
both gcc -static-pie h.c
[ "$(cat both.out)" = 5 ]
lacks INTERP readelf -lW both
shows DYNAMIC readelf -lW both
shows 'FLAGS_1.*PIE' readelf -d both
shows 'Type: *DYN' readelf -h both
