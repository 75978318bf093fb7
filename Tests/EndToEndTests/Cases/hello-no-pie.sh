#!/bin/bash
# A program at a fixed address.
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
static const char *text = "fixed";
int main(void) { puts(text); return 0; }
END
both gcc -fno-pie -no-pie h.c
shows 'Type: *EXEC' readelf -h both
[ "$(cat both.out)" = fixed ]
