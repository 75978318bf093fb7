#!/bin/bash
# swold-edit changes programs of any machine, of swold and of the system's linker: the program runs with the RUNPATH and
# the library that were added, and has the bytes, the name in its symbol table and the build-id that it was given.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"

cat >m.c <<'E'
#include <stdio.h>
int twice(int);
extern __thread int local;
__attribute__((weak, visibility("default"))) int added(void);
static int own(void) { return printf("") != 0; }
int (*pointer)(void) = own;
int main(void) { if (pointer()) return 1; printf("%d %d %d\n", twice(21), local, added ? added() : 0); return 0; }
E
echo '__thread int local = 7; int twice(int x) { return 2 * x; }' >l.c
echo 'int added(void) { return 5; }' >a.c
mkdir lib
gcc -shared -fPIC l.c -Wl,-soname,libl.so -o lib/libl.so
gcc -shared -fPIC a.c -Wl,-soname,liba.so -o lib/liba.so

# What is expected of m, linked by a compiler, after an insertion of some bytes, the usual edits and EDIT.
check() {
  local expected=$1 edit_too=$3
  head -c $2 /dev/urandom >blob
  shift 3
  "$@" -rdynamic -fPIE -pie m.c -Llib -ll -Wl,--build-id -o m
  if ./m 2>/dev/null; then fail "runs without the library"; fi
  rm -f edited
  "$edit" apply -e "rpath set $PWD/lib" -e 'insert .blob file:blob' -e 'symbol rename own other' \
    ${edit_too:+-e "$edit_too"} -e 'build-id recompute' -o edited m
  "$edit" lint edited
  shows "^$expected\$" ./edited
  shows "PATH.*$PWD/lib" readelf -dW edited
  [ "$(address edited other)" = "$(address m own)" ]
  objcopy --dump-section .blob=dumped edited /dev/null
  cmp blob dumped
  [ "$(readelf -n m | grep 'Build ID')" != "$(readelf -n edited | grep 'Build ID')" ]
  sane edited
}
check '42 7 5' 5000 'needed add liba.so' $CC
check '42 7 5' 5000 'needed add liba.so' $CC -Wl,-z,noseparate-code
check '42 7 5' 5000 'needed add liba.so' $CC -Wl,-z,separate-loadable-segments
# GNU ld leaves no room for names, so they take that of others.
check '42 7 0' 1000 '' gcc -Wl,-rpath,/a/name/that/is/long/enough/for/the/one/that/takes/its/place/and/so/is/this
