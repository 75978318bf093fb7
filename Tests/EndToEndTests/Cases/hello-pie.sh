#!/bin/bash
# A PIE is a DYN file with an interpreter and the flag that calls it a program.
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
int main(void) { printf("%d\n", printf("a") + 1); return 0; }
END
both gcc -fPIE -pie h.c
shows 'Type: *DYN' readelf -h both
shows 'FLAGS_1.*PIE' readelf -d both
shows "interpreter: $INTERPRETER" readelf -lW both
