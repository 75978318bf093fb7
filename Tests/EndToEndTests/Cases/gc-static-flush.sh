#!/bin/bash
# A static program with --gc-sections still flushes its output at exit.
. "$(dirname "$0")/../prelude.sh"

echo '#include <stdio.h>
int main(void) { printf("no newline"); return 0; }' >m.c
for kind in -static -static-pie; do
  supports $kind || continue
  $CC $kind -ffunction-sections m.c -Wl,--gc-sections -o m
  [ "$(./m)" = "no newline" ]
done
sane m
