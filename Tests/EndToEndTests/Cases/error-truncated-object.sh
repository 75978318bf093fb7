#!/bin/bash
# Objects cut at any length give an error, never a crash.
. "$(dirname "$0")/../prelude.sh"

cat >m.cc <<'END'
#include <string>
thread_local int t = 1;
inline std::string s(int n) { return std::string(n, 'x'); }
int main() { try { return s(3).size() - 3 + t - 1; } catch (...) { return 9; } }
END
g++ -g -gz=none -ffunction-sections -c m.cc
size=$(stat -c %s m.o)
for i in $(seq 0 60); do
  head -c $((size * i / 61 + (i % 8))) m.o >cut.o
  [ -s cut.o ] || continue
  rm -f out
  expect_fail $SWOLD -shared cut.o -o out 2>/dev/null
  says 'cut\.o'
  [ ! -e out ]
done
for n in 1 3 4 5 15 16 17 18 20 40 63 64 65 100; do
  head -c $n m.o >cut.o
  expect_fail $SWOLD -shared cut.o -o out 2>/dev/null
  says 'cut\.o'
done
