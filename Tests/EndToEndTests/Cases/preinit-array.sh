#!/bin/bash
# .preinit_array of a program runs before the constructors of its libraries.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
#include <unistd.h>
__attribute__((constructor)) static void begin(void) { write(1, "library ", 8); }
void l(void) {}
END
cat >m.c <<'END'
#include <unistd.h>
void l(void);
static void pre(void) { write(1, "pre ", 4); }
__attribute__((section(".preinit_array"), used)) static void (*p)(void) = pre;
int main(void) { l(); write(1, "main", 4); return 0; }
END
$CC -shared -fPIC l.c -o libl.so
$CC m.c ./libl.so -o m
[ "$(./m)" = "pre library main" ]
shows '\(PREINIT_ARRAY\)' readelf -d m
sane m
