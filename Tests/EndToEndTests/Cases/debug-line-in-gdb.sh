#!/bin/bash
# gdb shows file and line of a program built with -g.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
static int half(int x) {
  return x / 2;
}
int main(void) { return half(0); }
END
for version in 4 5; do
  $CC -g -gdwarf-$version m.c -o m
  shows 'Line 2 of "m.c"' gdb -batch -ex 'info line m.c:2' m
  shows 'half \(x=0\) at m.c:2' gdb -batch -nx -ex 'break half' -ex run m
  sane m
done
