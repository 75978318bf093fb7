#!/bin/bash
# The address of an undefined weak thread-local variable can be taken and skipped.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__attribute__((weak)) extern __thread int nowhere;
__thread int here = 1;
int main(int n, char **v) { return n > 100 ? nowhere : here - 1; }
END
for kind in '-fno-pie -no-pie' '-fno-pie -static'; do
  $CC $kind a.c -o m
  ./m
done
