#!/bin/bash
# ARM: exceptions of C++ through programs and libraries, threads and thread-local objects, in ARM and
# Thumb code; -r and a further link of the result, by us and by GNU ld.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

gxx=arm-linux-gnueabihf-g++
run() { qemu-arm -L /usr/arm-linux-gnueabihf "$@"; }
cat >lib.cc <<'C'
#include <stdexcept>
#include <string>
thread_local std::string text = "tls";
struct A { virtual ~A(); virtual int f(); };
A::~A() {}
int A::f() { throw std::runtime_error("thrown"); }
void call(void (*g)()) { try { g(); } catch (int n) { if (n != 5) throw; throw n + 1; } }
C
cat >main.cc <<'C'
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
extern thread_local std::string text;
struct A { virtual ~A(); virtual int f(); };
struct B : A { int f() override { return A::f(); } };
void call(void (*g)());
void five() { throw 5; }
int main() {
  A *a = new B;
  try { a->f(); } catch (std::exception &e) { std::cout << e.what() << text << std::endl; }
  try { call(five); } catch (int n) { std::cout << n << std::endl; }
  std::thread t([] { text += "x"; std::cout << text << std::endl; });
  t.join();
  delete a;
}
C
want=$'throwntls\n6\ntlsx'
for mode in '-mthumb -O0' '-marm -O2'; do
  $gxx $mode -fPIC -c lib.cc
  $gxx -B"$LD_DIR" -shared lib.o -o lib.so
  for flags in '-fPIE -pie' '-fno-pie -no-pie' '-pie -Wl,-z,now,-z,pack-relative-relocs' \
    '-ffunction-sections -Wl,--gc-sections' '-g -gz -Wl,--compress-debug-sections=zlib'; do
    $gxx $mode $flags -c main.cc
    $gxx -B"$LD_DIR" $flags main.o lib.so -Wl,-rpath,. -o main
    [ "$(run ./main)" = "$want" ]
  done
  $gxx -B"$LD_DIR" -static -Wl,--gc-sections main.o lib.o -o static
  [ "$(run ./static)" = "$want" ]
  $gxx -B"$LD_DIR" -r main.o lib.o -o both.o
  $gxx -B"$LD_DIR" both.o -o ours
  $gxx both.o -o theirs
  [ "$(run ./ours)" = "$want" ] && [ "$(run ./theirs)" = "$want" ]
done
