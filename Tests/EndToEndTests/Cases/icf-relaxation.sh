#!/bin/bash
# --icf=all where the linker makes code shorter: functions are the same or not before that, and what is kept
# is made as short as if nothing had been folded.
# machines: riscv64 (other machines' code keeps its length)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
extern int data[];
int twice(int x) { return x * 2 + data[1]; }
int first(int x) { return twice(x) + twice(x + 1); }
END
cat >b.c <<'END'
extern int data[];
int again(int x) { return x * 2 + data[1]; }
int second(int x) { return again(x) + again(x + 1); }
int other(int x) { return again(x) + again(x + 2); }
int differs(int x) { return x * 2 + data[2]; }
END
cat >m.c <<'END'
int data[] = {1, 40, 50};
int first(int), second(int), other(int), differs(int);
int main(void) { return first(1) + second(2) + other(3) + differs(4) - 86 - 90 - 96 - 58; }
END
for compiler in "$CC" "$CLANG"; do
  for kind in -no-pie -pie -static; do
    $compiler -O1 -fno-inline -ffunction-sections -g -c a.c b.c m.c
    $compiler $kind a.o b.o m.o -Wl,--icf=all -o m
    ./m
    [ "$(address m twice)" = "$(address m again)" ]
    [ "$(address m first)" = "$(address m second)" ]
    [ "$(address m other)" != "$(address m first)" ]
    [ "$(address m differs)" != "$(address m twice)" ]
    $compiler $kind a.o b.o m.o -o plain
    size() { nm -S "$1" | awk -v n="$2" '$4 == n { print $2 }'; }
    [ "$(size m first)" = "$(size plain first)" ]
    $compiler $kind a.o b.o m.o -Wl,--icf=all,--no-relax -o long
    ./long
    [ $((0x$(size long first))) -gt $((0x$(size m first))) ]
    sane m
  done
done
