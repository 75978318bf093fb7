#!/bin/bash
# --wrap with files in intermediate form: __wrap_f is called, and __real_f finds f.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(int); int main(void) { return f(1) - 12; }' >m.c
echo 'int f(int x) { return x + 1; }' >f.c
echo 'int __real_f(int); int __wrap_f(int x) { return __real_f(x) + 10; }' >w.c
for compiler in gcc clang-19; do
  [ $compiler = gcc ] && link=$CC || link=$CLANG
  $compiler -O2 -c f.c -o f.object && $compiler -O2 -c w.c -o w.object
  $compiler -O2 -flto -c m.c w.c f.c
  # The wrapped function has machine code, or the wrapper, or both.
  for files in 'w.o f.object' 'w.object f.object'; do
    cp ${files#* } second.o && cp ${files% *} first.o
    $link -O2 -flto -Wl,--wrap=f m.o first.o second.o -o m && ./m || fail "$compiler $files"
  done
  linked_by_swold m
done
# LLVM is told not to inline what is wrapped. (GCC has no ear for it, whatever the linker.)
for kind in full thin; do
  clang-19 -O2 -flto=$kind -c m.c w.c f.c
  $CLANG -O2 -flto=$kind -Wl,--wrap=f m.o f.o w.o -o m && ./m || fail "$kind"
done
