#!/bin/bash
# Code of the large and medium models: GOTOFF64, GOTPC64, PLTOFF64, GOT64.
# machines: x86_64 (code models of x86-64)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
static int own = 3;
int global = 4;
static int add(int x) { return x + own; }
int main(void) { printf("%d\n", add(global)); return 0; }
END
for model in medium large; do
  for kind in '-fPIC -pie' '-fno-pic -no-pie'; do
    $CC $kind -mcmodel=$model m.c -o m
    [ "$(./m)" = 7 ] || fail "$model $kind"
  done
done
sane m
