#!/bin/bash
# --defsym computes with numbers and symbols: + - * / & | << >> ~ and parentheses.
# machines: x86_64 (code models of x86-64)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
extern char sum[], product[], bits[], nested[], moved[];
char base[100];
int main(void) {
  char *volatile start = base;
  return sum - (char *)12 || product - (char *)42 || bits - (char *)0x3c ||
         nested - (char *)((3 + 4) * 2) || moved - start - 24;
}
END
gcc -fno-pie -mcmodel=large -c m.c
$CC -no-pie m.o -o m -Wl,--defsym=sum=0xa+2 -Wl,--defsym=product=6*7 \
  -Wl,--defsym='bits=(0xff & ~0xc3) | (1 << 2 >> 1 << 1)' -Wl,--defsym='nested=(3+4)*2' \
  -Wl,--defsym='moved=base+48/2'
./m
