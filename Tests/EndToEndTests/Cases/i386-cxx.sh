#!/bin/bash
# i386: exceptions, threads and thread-local objects of C++ in every kind of program; the debugger finds
# its way.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >main.cc <<'X'
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
thread_local std::string text = "tls";
struct A { virtual ~A() {} virtual int f() { return 1; } };
struct B : A { int f() override { throw std::runtime_error("thrown"); } };
int main() {
  A *a = new B;
  try { a->f(); } catch (std::exception &e) { std::cout << e.what() << text << std::endl; }
  std::thread t([] { text += "x"; std::cout << text << std::endl; });
  t.join();
  delete a;
}
X
headers=-I/usr/include/x86_64-linux-gnu
for flags in '-fPIE -pie' '-fno-pie -no-pie' -static '-static-pie -fPIE' '-pie -Wl,-z,now' \
  '-pie -Wl,-z,pack-relative-relocs' '-pie -Wl,-z,ibtplt' \
  '-ffunction-sections -Wl,--gc-sections' '-g -gz -Wl,--compress-debug-sections=zlib' \
  '-pie -Wl,--no-relax'; do
  g++ -m32 $headers $flags -c main.cc
  $CXX -m32 $flags main.o -o main
  [ "$(./main)" = $'throwntls\ntlsx' ]
  SWOLD_UNDER_TEST=${SWOLD_UNDER_TEST:-image} sane main
done
g++ -m32 $headers -g -O0 -c main.cc
$CXX -m32 main.o -o main
gdb -batch -ex 'break B::f' -ex run -ex bt main >out 2>&1
grep -q 'B::f.*main.cc:7' out
