#!/bin/bash
# .ctors sections of objects run, as part of .init_array, in reverse order.
. "$(dirname "$0")/../prelude.sh"

cat >c.c <<'END'
#include <stdio.h>
#define TABLE(name) __attribute__((used, section(name))) static void (*
static void first(void) { putchar('f'); }
static void second(void) { putchar('s'); }
static void early(void) { putchar('e'); }
static void last(void) { putchar('l'); }
TABLE(".ctors") table[])(void) = {first, second};
TABLE(".ctors.65435") before[])(void) = {early};
TABLE(".dtors") behind[])(void) = {last};
END
echo 'int main(void) { return 0; }' >m.c
gcc -c c.c
$CC m.c c.o -o m
[ "$(./m)" = esfl ]
has_no_section m .ctors
sane m
