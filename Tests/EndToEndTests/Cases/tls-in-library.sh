#!/bin/bash
# A thread-local variable defined in a library, used by the program, both dialects.
. "$(dirname "$0")/../prelude.sh"

echo '__thread int x = 5; int getx(void) { return x; }' >l.c
cat >m.c <<'END'
extern __thread int x;
int getx(void);
int main(void) { x += 2; return getx() != 7; }
END
for dialect in $TLS_DIALECTS; do
  $CC -shared -fPIC $dialect l.c -o libl.so
  sane libl.so
  for model in global-dynamic initial-exec; do
    for kind in '-fPIC -pie' '-fno-pic -no-pie'; do
      $CC $kind $dialect -ftls-model=$model m.c ./libl.so -o m
      ./m || fail "$model $dialect $kind"
      sane m
    done
  done
done
