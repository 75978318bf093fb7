#!/bin/bash
# A program that exports nothing still has a valid hash table.
. "$(dirname "$0")/../prelude.sh"

echo '#include <stdio.h>
int main(void) { puts("x"); return 0; }' >m.c
for style in gnu sysv both; do
  $CC m.c -Wl,--hash-style=$style -o m
  ./m
  sane m
done
