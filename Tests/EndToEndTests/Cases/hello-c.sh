#!/bin/bash
# A C program linked by gcc in its default mode prints and ends with the right code.
. "$(dirname "$0")/../prelude.sh"

cat >h.c <<'END'
#include <stdio.h>
int main(void) { puts("hello"); return 7; }
END
both gcc h.c
[ "$(cat both.out)" = hello ]
