#!/bin/bash
# RISC-V: thread-locals in all models and both dialects, IFUNC, copies and canonical PLT entries, in
# every kind of program, with and without relaxation, do what they do with the system's linker.
. "$(dirname "$0")/../prelude.sh"

GCC=riscv64-linux-gnu-gcc
CLANG_RV="clang-19 --target=riscv64-linux-gnu -mtls-dialect=desc"
run() { qemu-riscv64 -L /usr/riscv64-linux-gnu -E LD_LIBRARY_PATH=. "$@"; }
cat >lib.c <<'X'
__thread int shared = 3; static __thread int one = 4, two = 5; int data = 77;
int get(void) { one++; two++; return shared + one + two; }
int *address(void) { return &shared; }
static int twice(int x) { return x * 2; }
static void *resolve(void) { return twice; }
int indirect(int) __attribute__((ifunc("resolve")));
int call(int x) { return indirect(x); }
X
cat >main.c <<'X'
#include <stdio.h>
extern __thread int shared; __thread int own = 7; static __thread int a = 9, b = 10;
int get(void), *address(void), indirect(int), call(int); extern int data; int (*f)(int) = indirect;
int main(void) {
  a += 1; b += 2; own += shared; shared = 50;
  printf("%d %d %d %d %d %d %d\n", a, b, own, get(), address() == &shared, data, f(3) + call(4));
  return 0;
}
X
want='10 12 10 61 1 77 14'
for compiler in "$GCC -O0" "$GCC -O2" "$CLANG_RV -O2"; do
  # The C library here does not know descriptors, which programs do not have, but libraries.
  $GCC -O2 -fPIC -c lib.c
  $GCC -B"$LD_DIR" -shared lib.o -o lib.so
  for kind in '-fPIE -pie' '-fno-pie -no-pie' '-fPIC -pie' '-fno-plt -fPIE -pie -Wl,-z,now' \
    '-fPIC -pie -Wl,--no-relax' '-fPIE -pie -Wl,-z,pack-relative-relocs'; do
    $compiler ${kind%% *} -c main.c
    $GCC -B"$LD_DIR" $kind main.o lib.so -o main
    [ "$(run ./main)" = "$want" ]
  done
  for kind in -static '-static -Wl,--no-relax'; do
    $compiler -fPIC -c main.c
    $compiler -fPIC -c lib.c
    $GCC -B"$LD_DIR" $kind main.o lib.o -o static
    [ "$(run ./static)" = "$want" ]
  done
done
linked_by_swold main static
