#!/bin/bash
# AArch64: exceptions across a shared library, threads and thread-local objects of C++ in every kind of
# program.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >lib.cc <<'X'
#include <stdexcept>
#include "lib.h"
int B::f() { throw std::runtime_error("thrown"); }
X
cat >lib.h <<'X'
struct A { virtual ~A() {} virtual int f() { return 1; } };
struct B : A { int f() override; };
X
cat >main.cc <<'X'
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include "lib.h"
thread_local std::string text = "tls";
int main() {
  A *a = new B;
  try { a->f(); } catch (std::exception &e) { std::cout << e.what() << text << std::endl; }
  std::thread t([] { text += "x"; std::cout << text << std::endl; });
  t.join();
  delete a;
}
X
GXX=aarch64-linux-gnu-g++
run() { [ "$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$1")" = $'throwntls\ntlsx' ]; }
for flags in '-fPIE -pie' '-fno-pie -no-pie' -static '-static-pie -fPIE' '-pie -Wl,-z,now' \
  '-pie -Wl,-z,pack-relative-relocs' '-mbranch-protection=standard -Wl,-z,force-bti' \
  '-ffunction-sections -Wl,--gc-sections' '-g -gz -Wl,--compress-debug-sections=zlib' \
  '-O2 -pie -Wl,--no-relax'; do
  $GXX $flags -c main.cc
  if [[ $flags == *static* ]]; then
    $GXX $flags -c lib.cc
    $GXX -B"$LD_DIR" $flags main.o lib.o -o main
  else
    $GXX $flags -fPIC -c lib.cc
    $GXX -B"$LD_DIR" -shared lib.o -o lib.so
    $GXX -B"$LD_DIR" $flags main.o lib.so -Wl,-rpath,. -o main
    sane lib.so
  fi
  [[ $flags == *force-bti* ]] || run ./main  # the C library's own start code has no landing pads
  [[ $flags == *static* ]] || sane main  # eu-elflint does not know IRELATIVE
done
# -r, then a link of the result.
$GXX -g -c main.cc lib.cc
$SWOLD -r main.o lib.o -o all.o
$GXX -B"$LD_DIR" all.o -o main
run ./main
