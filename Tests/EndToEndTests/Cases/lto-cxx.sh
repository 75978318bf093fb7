#!/bin/bash
# C++: exceptions across files, inline functions that several files have, static constructors, with
# --gc-sections.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >c.h <<'E'
#include <string>
#include <vector>
struct Failure { std::string why; };
template <class T> T &only() { static T value; return value; }
inline std::vector<int> &order() { return only<std::vector<int>>(); }
struct Note { Note(int n) { order().push_back(n); } };
void fail(int);
E
cat >a.cc <<'E'
#include "c.h"
static Note note(1);
int main() {
  if (order().size() != 2) return 3;
  try { fail(7); } catch (const Failure &f) { return f.why == "7" ? 0 : 1; }
  return 2;
}
E
cat >b.cc <<'E'
#include "c.h"
static Note note(2);
void unused() { only<long>() = 1; }
void fail(int n) { throw Failure{std::to_string(n)}; }
E
for compiler in g++ clang++-19; do
  [ $compiler = g++ ] && link=$CXX || link=$CLANGXX
  $compiler -O2 -flto -ffunction-sections -c a.cc b.cc
  $link -O2 -flto -Wl,--gc-sections a.o b.o -o m && ./m
  lacks 'unused' nm m
  linked_by_swold m
  # One file of machine code among them has the same inline functions.
  $compiler -O2 -c b.cc
  $link -O2 -flto a.o b.o -o m && ./m
done
