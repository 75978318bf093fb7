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
kinds=('-fno-pie -no-pie' '-fno-pie -static' '-fPIE -pie' '-fPIE -static-pie')
# Code of i386 for PIEs asks for f@GOTOFF, which needs an address that code has; GNU ld refuses it, too.
[ $MACHINE != i386 ] || kinds=("${kinds[@]:0:2}")
for kind in "${kinds[@]}"; do
  supports $kind || continue
  $CC $kind i.c -o m
  ./m || fail "$kind"
done
