#!/bin/bash
# A C++ program of many objects, joined by -r, is a program with every linker, and the same object
# for every number of threads.
# machines: x86_64 (links with other linkers that know x86-64)
. "$(dirname "$0")/../prelude.sh"

cat >f.h <<'END'
#include <map>
#include <stdexcept>
#include <string>
#include <vector>
template <int N> struct Part {
  static std::map<std::string, int> &table() { static std::map<std::string, int> t; return t; }
  virtual int run(int x) { if (x == N % 7) throw std::runtime_error("part"); return table()["k"] += x; }
  virtual ~Part() {}
};
END
for n in $(seq 12); do
  echo "#include \"f.h\"
static std::string local = \"text number $n\";
thread_local int counter = $n;
int part$n(int x) { Part<$n % 5> p; try { return p.run(x) + local.size() + ++::counter; } catch (const std::exception &e) { return e.what()[0]; } }" |
    sed "s/counter/counter$n/g" >p$n.cc
done
{ for n in $(seq 12); do echo "int part$n(int);"; done
  echo '#include <cstdio>
int main() { long sum = 0; for (int x = 0; x < 9; x++) {'
  for n in $(seq 12); do echo "sum = sum * 3 + part$n(x);"; done
  echo '} std::printf("%lx\n", sum); }'; } >m.cc
g++ -O1 -g1 -ffunction-sections -c p*.cc m.cc
g++ p*.o m.o -o reference
./reference >expected
$SWOLD -r --threads=1 p*.o m.o -o all1.o
$SWOLD -r --threads=4 p*.o m.o -o all.o
cmp all1.o all.o
sane all.o
for linker in "$SWOLD" ld ld.gold ld.lld-19 mold; do
  printf '#!/bin/sh\nexec %s "$@"\n' "$linker" >ld
  chmod +x ld
  g++ -B. all.o -o program
  ./program >out || fail "$linker"
  cmp out expected
done
