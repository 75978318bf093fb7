#!/bin/bash
# Unwind tables survive -r.
. "$(dirname "$0")/../prelude.sh"

cat >a.cc <<'END'
struct Loud { int *n; ~Loud() { ++*n; } };
int thrown(int *n) { Loud loud{n}; throw 5; }
END
cat >b.cc <<'END'
int thrown(int *);
int main() { int n = 0; try { thrown(&n); } catch (int e) { return e + n != 6; } return 1; }
END
g++ -c a.cc b.cc
$CXX -r a.o b.o -nostdlib -o ab.o
$CXX ab.o -o ab
./ab
sane ab.o ab
