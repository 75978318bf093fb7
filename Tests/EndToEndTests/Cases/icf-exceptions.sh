#!/bin/bash
# Functions are folded only if they are unwound in the same way: frames, and what they catch.
. "$(dirname "$0")/../prelude.sh"

cat >throw.cc <<'EOF'
void raise(int what) {
  if (what == 1) throw 7;
  if (what == 2) throw 8L;
}
EOF
catching() {  # catching NAME TYPE
  echo "void raise(int); int $1(int w) { try { raise(w); return 0; } catch ($2 x) { return (int)x; } }"
}
# (In one file: of two files that clang compiles each has a pointer of its own to what is caught.)
{ catching intA int; catching intB int; catching longC long; } >a.cc
cat >main.cc <<'EOF'
#include <cstdio>
int intA(int), intB(int), longC(int);
template <class F> int attempt(F f, int w) {
  try { return f(w); } catch (...) { return -1; }
}
int main() {
  for (int w = 0; w < 3; w++) std::printf("%d %d %d\n", attempt(intA, w), attempt(intB, w), attempt(longC, w));
}
EOF
same() { [ "$(address "$1" "$2")" = "$(address "$1" "$3")" ] ; }
for compiler in "$CXX" "$CLANGXX"; do
  for kind in '-fPIE -pie' '-fno-pie -no-pie' '-fPIE -static'; do
    $compiler -O1 -ffunction-sections ${kind% *} -c throw.cc a.cc main.cc
    $compiler ${kind#* } throw.o a.o main.o -o plain
    $compiler ${kind#* } throw.o a.o main.o -Wl,--icf=all -o folded
    ./folded | diff - <(./plain)
    same folded _Z4intAi _Z4intBi
    if same folded _Z4intAi _Z5longCi; then fail 'folded although they catch different things'; fi
    sane folded
    # Nobody describes a piece of code twice.
    readelf --debug-dump=frames folded 2>/dev/null | sed -n 's/.* FDE .*pc=\([0-9a-f]*\)\.\..*/\1/p' |
      sort | uniq -d >twice
    [ ! -s twice ]
  done
done
