#!/bin/bash
# insert puts bytes into programs that no linker left room in: read-only, writable and executable ones, at an address that
# is asked for, more of them than any padding takes; the program reads them where they are.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "one machine is enough"

cat >m.c <<'E'
#include <stdio.h>
#include <stdlib.h>
int main(int n, char **v) {
  const unsigned char *p = (void *)strtoul(v[1], 0, 16);
  unsigned sum = 0;
  for (int i = 0; i < 300000; i++) sum += p[i];
  printf("%u\n", sum);
  if (n > 2) *(volatile unsigned char *)p = 1;
  return 0;
}
E
head -c 300000 /dev/urandom >blob
sum=$(python3 -c 'print(sum(open("blob","rb").read()))')
where() { readelf -SW "$1" | sed -n "s/.* $2 *PROGBITS *\\([0-9a-f]*\\) .*/\\1/p"; }
for linker in bfd lld; do
  clang-19 -no-pie -fno-pie -fuse-ld=$linker m.c -o m
  "$edit" insert .blob file:blob -o r m
  shows "^$sum\$" ./r "$(where r .blob)"
  ./r "$(where r .blob)" write && fail "read-only bytes were written"
  "$edit" insert .blob file:blob flags=rw -o w m
  shows "^$sum\$" ./w "$(where w .blob)" write
  "$edit" insert .blob file:blob at=0x5000000 -o a m
  [ "$(where a .blob)" = 0000000005000000 ]
  shows "^$sum\$" ./a 5000000
  strip -o s a
  shows "^$sum\$" ./s 5000000
done
