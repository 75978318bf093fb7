#!/bin/bash
# Templates over different pointers are one code; a program with many gets smaller and does the same, with
# the same bytes for any number of threads.
. "$(dirname "$0")/../prelude.sh"

{
  echo '#include <algorithm>'
  echo '#include <cstdio>'
  echo '#include <map>'
  echo '#include <string>'
  echo '#include <vector>'
  for i in {0..39}; do
    cat <<EOF
struct S$i { int x; virtual ~S$i() {} virtual int get() { return x + $((i % 4)); } };
int use$i(int n) {
  std::vector<S$i *> v; std::map<std::string, S$i *> m;
  for (int i = 0; i < n; i++) { S$i *s = new S$i; s->x = i; v.push_back(s); m[std::to_string(i)] = s; }
  std::reverse(v.begin(), v.end());
  int sum = 0;
  for (S$i *s : v) sum = sum * 3 + s->get();
  for (auto &[name, s] : m) { sum += (int)name.size() * s->get(); }
  for (S$i *s : v) delete s;
  try { v.at(n); } catch (const std::exception &e) { sum++; }
  return sum;
}
EOF
  done
  echo 'int main() { int sum = 0;'
  for i in {0..39}; do echo "sum = sum * 5 + use$i($i);"; done
  echo 'std::printf("%d\n", sum); }'
} >t.cc
for compiler in "$CXX" "$CLANGXX"; do
  $compiler -O1 -g1 -std=c++17 -ffunction-sections -fdata-sections -c t.cc
  $compiler t.o -o plain
  for mode in safe all; do
    $compiler t.o -Wl,--icf=$mode,--threads=1,--print-icf-sections -o $mode >list.$mode
    ./$mode | diff - <(./plain)
    sane $mode
    for threads in 2 8; do
      $compiler t.o -Wl,--icf=$mode,--threads=$threads,--print-icf-sections -o again >list
      cmp again $mode
      cmp list list.$mode
    done
  done
  plain=$((16#$(section plain .text size))) all=$((16#$(section all .text size)))
  [ $((all * 4)) -lt $((plain * 3)) ]
  [ "$(wc -l <list.all)" -gt 300 ]
done
[ "$(wc -l <list.safe)" -gt 100 ]  # clang says whose address counts
