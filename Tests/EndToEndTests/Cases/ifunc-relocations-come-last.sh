#!/bin/bash
# IRELATIVE comes after the relocations a resolver may depend on.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
extern int chosen;
static int one(void) { return 1; }
static int two(void) { return 2; }
static void *choose(void) { return chosen == 7 ? (void *)two : (void *)one; }
static int f(void) __attribute__((ifunc("choose")));
int (*table[2])(void) = {f, f};
int *before = &chosen;
int g(void) { return f() + table[1](); }
END
echo 'int chosen = 7;' >d.c
echo 'int g(void); int main(void) { return g() != 4; }' >m.c
gcc -shared -fPIC -Wl,-soname,libd.so d.c -o libd.so
$CC -shared -fPIC l.c -L. -ld -Wl,-rpath,"$PWD" -o libl.so
$CC m.c ./libl.so -o m
./m
readelf -rW libl.so | grep -oE "($R_GLOB_DAT|$R_WORD|${R}RELATIVE|${R}IRELATIV)" >kinds
[ "$(sed -n '/IRELATIV/,$p' kinds | grep -vc IRELATIV)" = 0 ]
