#!/bin/bash
# -r leaves out the unwind records of copies that lost to another file's group.
# machines: -arm (tables of its own for exceptions)
. "$(dirname "$0")/../prelude.sh"

cat >f.h <<'END'
#include <string>
template <class T> __attribute__((noinline)) T thrower(T x) { std::string s(x, 'x'); if (x > 1) throw x; return x; }
END
for n in a b c; do
  printf '#include "f.h"\nint %s(int x) { try { return thrower(x); } catch (int e) { return -e; } }\n' $n >$n.cc
done
printf 'int a(int), b(int), c(int);\nint main() { return a(2) + b(3) + c(4) != -9 || a(1) != 1; }\n' >m.cc
g++ -O1 -c a.cc b.cc c.cc m.cc
$SWOLD -r a.o b.o c.o -o abc.o
sane abc.o
[ "$(count ' W _Z7throwerIiET_S0_$' nm abc.o)" = 1 ]
functions=$(readelf -sW abc.o | grep -cE ' FUNC .* [0-9]+ [^ ]+$')
[ "$(count ' FDE ' readelf --debug-dump=frames abc.o)" = "$functions" ]
lacks "${R}NONE" readelf -rW abc.o
$SWOLD -r abc.o m.o -o all.o
$CXX all.o -o m
./m
g++ all.o -o m.reference
./m.reference
