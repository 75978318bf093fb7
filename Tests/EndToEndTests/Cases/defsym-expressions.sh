#!/bin/bash
# --defsym computes with numbers and symbols: + - * / & | << >> ~ and parentheses.
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
gcc ${WHOLE_ADDRESSES:--fno-pie} -c m.c
$CC -no-pie m.o -o m -Wl,--defsym=sum=0xa+2 -Wl,--defsym=product=6*7 \
  -Wl,--defsym='bits=(0xff & ~0xc3) | (1 << 2 >> 1 << 1)' -Wl,--defsym='nested=(3+4)*2' \
  -Wl,--defsym='moved=base+48/2'
./m
