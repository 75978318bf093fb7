#!/bin/bash
# machines: x86_64 (runs compilers and linkers of the host)
# `swold -run` and programs that cannot load its library: those of musl, and those for another machine. They
# run without a word of their loaders, and the compilers that they start link with swold.
. "$(dirname "$0")/../prelude.sh"

cat >build.c <<'END'
#include <stdlib.h>
#include <unistd.h>
int main(void) { return execlp("gcc", "gcc", "hello.c", "-o", "hello", (char *)0); }
END
echo 'int main(void) { return 0; }' >hello.c
musl-gcc build.c -o build-musl
gcc -m32 build.c -o build-32
printf '#!%s\n' "$PWD/build-musl" >script
chmod +x script
for builder in build-musl build-32 script; do
  rm -f hello
  "$SWOLD" -run sh -c "./$builder" >out 2>&1
  test ! -s out || fail "$(cat out)"
  "$SWOLD" --linked-by hello
  ./hello

  # At once, it is told what that means.
  rm -f hello
  "$SWOLD" -run "./$builder" >out 2>&1
  test "$(wc -l <out)" = 1
  grep "note: ./$builder cannot load a library of glibc for this machine" out
  "$SWOLD" --linked-by hello
done
