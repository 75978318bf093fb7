#!/bin/bash
# A function that a program defines takes the place of libc's in libc itself.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
#include <string.h>
static char pool[1 << 20]; static size_t used; static int calls;
void *malloc(size_t n) { void *p = pool + used; used += (n + 31) & ~15ul; calls++; return p; }
void free(void *p) {}
void *calloc(size_t n, size_t m) { return malloc(n * m); }
void *realloc(void *p, size_t n) { void *q = malloc(n); return p ? memcpy(q, p, n) : q; }
int main(void) { calls = 0; char *s = strdup("copied"); puts(s); return calls < 1; }
END
$CC -O0 -fno-builtin m.c -o m
./m
shows ' T malloc$' nm -D m
sane m
