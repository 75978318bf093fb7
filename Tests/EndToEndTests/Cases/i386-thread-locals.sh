#!/bin/bash
# i386: thread-locals in all models and both dialects, IFUNC, copies and canonical PLT entries, in
# every kind of program, do what they do with the system's linker.
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
int main(void) {
  a += 1; b += 2; own += shared; shared = 50;
  printf("%d %d %d %d %d %d %d\n", a, b, own, get(), address() == &shared, data, f(3) + call(4));
  return 0;
}
X
for flags in -O0 -O2 '-O2 -mtls-dialect=gnu2'; do
  gcc -m32 $flags -fPIC -c lib.c
  $CC -m32 -shared lib.o -o lib.so
  sane lib.so
  for kind in '-fPIE -pie' '-fno-pie -no-pie' '-fPIC -pie' '-fno-plt -fPIE -pie -Wl,-z,now'; do
    gcc -m32 $flags $kind -c main.c
    both gcc -m32 $kind main.o lib.so -Wl,-rpath,.
  done
  for kind in -static '-static-pie -fPIE' '-static -Wl,--no-relax'; do
    gcc -m32 $flags $kind -c main.c
    gcc -m32 $flags $kind -c lib.c
    $CC -m32 $kind main.o lib.o -o static
    [ "$(./static)" = '10 12 10 61 1 77 14' ]
  done
done
