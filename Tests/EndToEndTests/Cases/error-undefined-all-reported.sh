#!/bin/bash
# All undefined symbols are reported in one run, in the order of the input.
. "$(dirname "$0")/../prelude.sh"

{
  for n in zeta alpha mid; do echo "int $n(void);"; done
  echo 'int main(void) { return zeta() + alpha() + mid(); }'
} >m.c
gcc -O0 -c m.c
expect_fail $CC m.o -o m
grep -oE 'undefined.*(zeta|alpha|mid)' "$ERR" | grep -oE 'zeta|alpha|mid' | uniq | tr '\n' ' ' >order
[ "$(cat order)" = "zeta alpha mid " ]
