#!/bin/bash
# From the compiler's lists of names, swold and lld make the same index: names, kinds, units and ranges.
# machines: -riscv64 (lld makes other functions shorter)
. "$(dirname "$0")/../prelude.sh"

cat >a.cc <<'END'
#include <map>
#include <string>
#include <vector>
namespace ns { struct S { std::map<std::string, int> m; int get(const std::string &s) { return m[s]; } }; S s; }
static std::vector<ns::S> all;
int helper(int);
int main() { all.push_back(ns::s); return (int)all.size() + ns::s.get("x") + helper(-1); }
END
printf '#include <list>\nstd::list<int> l; enum { none, some }; int helper(int a) { l.push_back(a); return l.front(); }\n' >b.cc
# index FILE: names with what they are and in which unit, and how large the ranges of each unit are together.
index() {
  llvm-dwarfdump-19 --gdb-index "$1" | awk '
    /String name:/ { sub(/^.*String name: /, ""); vector = $NF; sub(/, CU vector index: .*/, ""); name[++n] = $0; of[n] = vector }
    /Low\/High address/ { print "range", $0 }
    /^    [0-9]+\(0x[0-9a-f]+\): / { v = $1; sub(/\(.*/, "", v); rest = $0; sub(/^[^:]*: /, "", rest); words[v] = rest }
    END { for (i = 1; i <= n; i++) { k = split(words[of[i]], w, " "); for (j = 1; j <= k; j++) print name[i], w[j] } }' |
    sed -E 's/^range.*(\(Size: 0x[0-9a-f]+\), CU id = [0-9]+)/range \1/; /^ /d' | sort -u
}
for version in 4 5; do
  clang++-19 -O1 -g -gdwarf-$version -ggnu-pubnames -c a.cc b.cc
  $CLANGXX a.o b.o -Wl,--gdb-index -o m
  clang++-19 --ld-path=/usr/bin/ld.lld-19 a.o b.o -Wl,--gdb-index -o reference
  index m >ours
  index reference >theirs
  [ "$(grep -vc '^range' ours)" -gt 300 ]
  grep -q '^range' ours
  diff ours theirs
done
