#!/bin/bash
# Functions that call themselves or each other are the same if nothing tells their circles apart.
. "$(dirname "$0")/../prelude.sh"

emit() {  # emit NAME CONSTANT
  cat <<EOF
int even$1(unsigned), odd$1(unsigned);
int even$1(unsigned n) { return n ? odd$1(n - 1) + $2 : 1; }
int odd$1(unsigned n) { return n ? even$1(n - 1) + 3 : 0; }
int self$1(unsigned n) { return n < 2 ? 1 : self$1(n - 1) + self$1(n - 2) + $2; }
EOF
}
emit A 5 >a.c
emit B 5 >b.c
emit C 6 >c.c
cat >main.c <<'EOF'
#include <stdio.h>
int evenA(unsigned), evenB(unsigned), evenC(unsigned), oddA(unsigned), oddB(unsigned), oddC(unsigned);
int selfA(unsigned), selfB(unsigned), selfC(unsigned);
int main(void) {
  printf("%d %d %d %d %d %d ", evenA(7), evenB(7), evenC(7), oddA(7), oddB(7), oddC(7));
  printf("%d %d %d\n", selfA(9), selfB(9), selfC(9));
  return 0;
}
EOF
$CC -O1 -fno-optimize-sibling-calls -fno-inline -fno-ipa-cp -ffunction-sections -c a.c b.c c.c main.c
$CC a.o b.o c.o main.o -o plain
$CC a.o b.o c.o main.o -Wl,--icf=all,--print-icf-sections -o folded >list
sort list | diff - <(printf 'folding section b.o:(.text.%sB) into a.o:(.text.%sA)\n' \
  even even odd odd self self)
./folded | diff - <(./plain)
for function in even odd self; do
  [ "$(address folded ${function}A)" = "$(address folded ${function}B)" ]
  [ "$(address folded ${function}A)" != "$(address folded ${function}C)" ]
done
sane folded
