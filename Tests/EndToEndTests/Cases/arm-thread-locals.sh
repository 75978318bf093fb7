#!/bin/bash
# ARM: thread-locals in all models and both dialects, IFUNC, copies and canonical PLT entries, in ARM and Thumb code, in
# every kind of program, do what they do with the system's linker.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

gcc=arm-linux-gnueabihf-gcc
run() { qemu-arm -L /usr/arm-linux-gnueabihf "$@"; }
cat >lib.c <<'C'
__thread int shared = 3; static __thread int one = 4, two = 5; int data = 77;
int get(void) { one++; two++; return shared + one + two; }
int *address(void) { return &shared; }
static int twice(int x) { return x * 2; }
static void *resolve(void) { return twice; }
int indirect(int) __attribute__((ifunc("resolve")));
int call(int x) { return indirect(x); }
C
cat >main.c <<'C'
#include <stdio.h>
extern __thread int shared; __thread int own = 7; static __thread int a = 9, b = 10;
int get(void), *address(void), indirect(int), call(int); extern int data; int (*f)(int) = indirect;
int main(void) {
  a += 1; b += 2; own += shared; shared = 50;
  printf("%d %d %d %d %d %d %d\n", a, b, own, get(), address() == &shared, data, f(3) + call(4));
  return 0;
}
C
want='10 12 10 61 1 77 14'
for flags in '-O0 -mthumb' '-O2 -mthumb -mtls-dialect=gnu2' '-O2 -marm' '-O0 -marm -mtls-dialect=gnu2'; do
  $gcc $flags -fPIC -c lib.c
  $gcc -B"$LD_DIR" -shared lib.o -o lib.so
  for kind in '-fPIE -pie' '-fno-pie -no-pie' '-fPIC -pie' '-fno-plt -fPIE -pie -Wl,-z,now' \
    '-fPIE -pie -Wl,-z,pack-relative-relocs' '-marm -fno-pie -no-pie'; do
    $gcc $flags $kind -c main.c
    $gcc -B"$LD_DIR" $kind main.o lib.so -Wl,-rpath,. -o main
    [ "$(run ./main)" = "$want" ]
    linked_by_swold main
    $gcc $kind main.o lib.so -Wl,-rpath,. -o reference 2>/dev/null
    [ "$(run ./reference)" = "$want" ]
  done
  for kind in -static '-static -Wl,--no-relax -Wl,--gc-sections'; do
    $gcc $flags -c main.c
    $gcc $flags -c lib.c
    $gcc -B"$LD_DIR" $kind main.o lib.o -o static
    [ "$(run ./static)" = "$want" ]
  done
done
shows 'Version5 EABI, hard-float ABI' readelf -h main
shows 'Requesting program interpreter: /lib/ld-linux-armhf.so.3' readelf -lW main
