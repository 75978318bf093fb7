#!/bin/bash
# --wrap works for a function of a shared library.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
int __real_puts(const char *);
int __wrap_puts(const char *s) { printf("[wrapped] "); return __real_puts(s); }
int main(void) { puts("text"); return 0; }
END
$CC -fno-builtin m.c -Wl,--wrap=puts -o m
[ "$(./m)" = "[wrapped] text" ]
