#!/bin/bash
# An indirect function is resolved at start in every kind of program.
. "$(dirname "$0")/../prelude.sh"

cat >i.c <<'END'
static int zero(void) { return 0; }
static void *choose(void) { return (void *)zero; }
int f(void) __attribute__((ifunc("choose")));
int (*pointer)(void) = f;
int main(void) { return f() + pointer(); }
END
for kind in '-fPIE -pie' '-fno-pie -no-pie' '-fno-pie -static' '-fPIE -static-pie'; do
  supports $kind || continue
  $CC $kind i.c -o m
  ./m || fail "$kind"
  sane m
done
