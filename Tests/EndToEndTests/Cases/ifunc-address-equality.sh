#!/bin/bash
# The address of an indirect function is the same in code and in data.
. "$(dirname "$0")/../prelude.sh"

cat >i.c <<'END'
static int zero(void) { return 0; }
static void *choose(void) { return (void *)zero; }
int f(void) __attribute__((ifunc("choose")));
int (*pointer)(void) = f;
int main(void) { return pointer() + (pointer != f); }
END
for kind in '-fno-pie -no-pie' '-fno-pie -static' '-fPIE -pie' '-fPIE -static-pie'; do
  supports $kind || continue
  $CC $kind i.c -o m
  ./m || fail "$kind"
done
