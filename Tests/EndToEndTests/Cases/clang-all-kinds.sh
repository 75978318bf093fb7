#!/bin/bash
# clang links every kind of output, with exceptions and thread-local storage.
. "$(dirname "$0")/../prelude.sh"

cat >m.cc <<'END'
#include <stdexcept>
#include <string>
thread_local std::string t = "local";
int main() {
  try { throw std::runtime_error(t + "!"); } catch (const std::exception &e) {
    return std::string(e.what()) != "local!";
  }
}
END
for kind in '' -no-pie -static -static-pie; do
  supports $kind || continue
  $CLANGXX $kind m.cc -Wl,--gc-sections -Wl,--as-needed -Wl,-z,now,-z,relro -o m
  ./m || fail "$kind"
  linked_by_swold m
done
$CLANGXX -r m.cc -nostdlib -o m.o
$CLANGXX m.o -o m
./m
sane m
