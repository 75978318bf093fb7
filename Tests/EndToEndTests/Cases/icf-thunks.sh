#!/bin/bash
# --icf=all where branches do not reach: functions that were folded are called through thunks, from far
# before and far behind them, and functions that differ in what they call far away are told apart.
# machines: aarch64 arm (other machines have no thunks)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
int twice(int x) { return x * 2 + 40; }
int first(int x) { return twice(x) + 1; }
END
cat >b.c <<'END'
int again(int x) { return x * 2 + 40; }
int second(int x) { return again(x) + 1; }
int other(int x) { return again(x) + 2; }
END
cat >m.c <<'END'
int first(int), second(int), other(int), twice(int), again(int);
int main(void) {
  return first(1) + second(2) + other(3) + twice(4) + again(5) - 43 - 45 - 48 - 48 - 50;
}
END
printf '.section .text.gap,"ax"\n.space 160 << 20\n' >gap.s
as gap.s -o gap.o
printf '.section .text.hole,"ax"\n.space 160 << 20\n' >hole.s
as hole.s -o hole.o
for compiler in "$CC" "$CLANG"; do
  $compiler -O1 -fno-inline -fno-optimize-sibling-calls -ffunction-sections -c a.c b.c m.c
  for order in 'a.o gap.o b.o m.o' 'm.o gap.o b.o hole.o a.o'; do
    $compiler $order -Wl,--icf=all -o m
    ./m
    [ "$(address m twice)" = "$(address m again)" ]
    [ "$(address m first)" = "$(address m second)" ]
    [ "$(address m other)" != "$(address m first)" ]
    shows 'Thunk' nm m
    $compiler $order -Wl,--icf=all,--threads=1 -o one
    $compiler $order -Wl,--icf=all,--threads=4 -o four
    cmp one four
    rm -f m one four
  done
done
