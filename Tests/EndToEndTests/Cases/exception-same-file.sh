#!/bin/bash
# An exception thrown and caught in one program, with destructors on the way.
. "$(dirname "$0")/../prelude.sh"

cat >e.cc <<'END'
#include <cstdio>
#include <stdexcept>
struct Loud { const char *n; ~Loud() { printf("~%s\n", n); } };
static void inner() { Loud l{"inner"}; throw std::runtime_error("stop"); }
int main() {
  try { Loud l{"outer"}; inner(); } catch (const std::exception &e) { printf("%s\n", e.what()); }
  try { try { throw 1; } catch (int) { throw; } } catch (int n) { printf("%d\n", n); }
}
END
for mode in -pie -no-pie -static -static-pie; do
  supports $mode || continue
  both g++ $mode e.cc
done
[ "$(tr '\n' ' ' <both.out)" = "~inner ~outer stop 1 " ]
