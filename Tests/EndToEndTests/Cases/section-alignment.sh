#!/bin/bash
# Sections keep alignments beyond a page.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int big __attribute__((aligned(16384))) = 1;
char zero[4] __attribute__((aligned(32768)));
int main(void) { return (long)&big % 16384 || (long)zero % 32768; }
END
for kind in '-fno-pie -static' '-fno-pie -no-pie' '-fPIE -pie'; do
  $CC $kind m.c -o m
  ./m || fail "$kind"
done
