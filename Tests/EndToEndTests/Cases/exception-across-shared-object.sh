#!/bin/bash
# A class thrown by a library is caught by the program as its base.
. "$(dirname "$0")/../prelude.sh"

cat >e.h <<'END'
struct Base { virtual ~Base() {} virtual int code() { return 1; } };
struct Derived : Base { int code() override; };
void raise_it();
END
cat >lib.cc <<'END'
#include "e.h"
int Derived::code() { return 42; }
void raise_it() { throw Derived(); }
END
cat >m.cc <<'END'
#include "e.h"
int main() {
  try { raise_it(); } catch (Base &b) { return b.code() != 42; }
  return 2;
}
END
$CXX -shared -fPIC lib.cc -o libe.so
for mode in -pie -no-pie; do
  $CXX $mode m.cc ./libe.so -o m
  ./m
  sane m
done
sane libe.so
