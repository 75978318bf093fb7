#!/bin/bash
# --threads, --no-threads, --thread-count=N and --threads=N are accepted.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
for option in --threads --no-threads --thread-count=2 --threads=2; do
  $CC m.o -Wl,$option -o m
  ./m
  sha256sum <m >>sums
done
[ "$(sort -u sums | wc -l)" = 1 ]
