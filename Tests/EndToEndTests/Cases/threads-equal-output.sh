#!/bin/bash
# One, two and eight threads write the same bytes.
. "$(dirname "$0")/../prelude.sh"

for i in $(seq 20); do
  echo "const char *s$i(void) { return \"text $((i % 7))\"; } int v$i = $i; inline int w(int x) { return x + 1; }
  int f$i(int x) { return w(x) + v$i; }" >f$i.cc
done
echo 'int f1(int); int main() { return f1(0) != 2; }' >m.cc
g++ -g -c f*.cc m.cc
for n in 1 2 8 1 8; do
  $CXX f*.o m.o -Wl,--threads=$n -Wl,--build-id -o out || exit 1
  ./out
  sha256sum <out >>sums
done
[ "$(sort -u sums | wc -l)" = 1 ]
