#!/bin/bash
# A static program needs no loader and has no dynamic section.
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
#include <string.h>
int main(int n, char **v) { printf("%zu\n", strlen("four")); return 0; }
END
both gcc -static h.c
[ "$(cat both.out)" = 4 ]
lacks 'INTERP|DYNAMIC' readelf -lW both
shows 'Type: *EXEC' readelf -h both
