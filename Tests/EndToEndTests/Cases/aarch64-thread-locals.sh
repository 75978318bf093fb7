#!/bin/bash
# AArch64: thread-locals in all models, dialects and sizes, IFUNC, copies, canonical PLT entries and a
# weak function that is not there, in every kind of program, with and without relaxation.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

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
extern int missing(void) __attribute__((weak));
int main(void) {
  a += 1; b += 2; own += shared; shared = 50;
  printf("%d %d %d %d %d %d %d %d\n", a, b, own, get(), address() == &shared, data, f(3) + call(4),
         missing ? missing() : 0);
  return 0;
}
X
GCC=aarch64-linux-gnu-gcc
run() { [ "$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$1")" = '10 12 10 61 1 77 14 0' ]; }
for flags in -O0 '-O2 -mtls-dialect=trad' '-O2 -mcmodel=tiny -mtls-dialect=trad' '-O2 -mcmodel=tiny' \
  '-O2 -ftls-model=local-dynamic -mtls-dialect=trad' '-O2 -mtls-size=48' '-O2 -mtls-size=12'; do
  common=${flags/-ftls-model=local-dynamic/}
  for relax in '' -Wl,--no-relax; do
    [[ -z $relax || $flags == *trad* ]] || continue
    $GCC $common -fPIC -c lib.c
    $GCC -B"$LD_DIR" -shared $relax lib.o -o lib.so
    for kind in '-fPIE -pie' '-fno-pie -no-pie' '-fPIC -pie -fno-plt -Wl,-z,now'; do
      $GCC $flags $kind -c main.c
      $GCC -B"$LD_DIR" $kind $relax main.o lib.so -Wl,-rpath,. -o main
      run ./main
    done
    for kind in -static '-static-pie -fPIE'; do
      $GCC $flags $kind -c main.c
      $GCC $common $kind -c lib.c
      $GCC -B"$LD_DIR" $kind $relax main.o lib.o -o static
      run ./static
    done
  done
done
sane main lib.so
# Descriptors of the library stay, those of programs become offsets.
$GCC -O2 -fPIC -c lib.c main.c
$GCC -B"$LD_DIR" -shared lib.o -o lib.so
shows R_AARCH64_TLSDESC readelf -rW lib.so
$GCC -B"$LD_DIR" main.o lib.so -o main
shows R_AARCH64_TLS_TPREL readelf -rW main
lacks R_AARCH64_TLSDESC readelf -rW main
