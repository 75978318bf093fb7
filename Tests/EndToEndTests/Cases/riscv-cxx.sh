#!/bin/bash
# RISC-V: exceptions, threads and thread-local objects of C++ in every kind of program; frames and
# debug information keep to code that got shorter.
. "$(dirname "$0")/../prelude.sh"

GXX=riscv64-linux-gnu-g++
run() { qemu-riscv64 -L /usr/riscv64-linux-gnu -E LD_LIBRARY_PATH=. "$@"; }
cat >lib.cc <<'X'
#include <stdexcept>
int thrower(int x) { if (x > 2) throw std::runtime_error("thrown"); return x; }
X
cat >main.cc <<'X'
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
thread_local std::string text = "tls";
int thrower(int);
struct A { virtual ~A() {} virtual int f() { return 1; } };
struct B : A { int f() override { return thrower(3); } };
int main() {
  A *a = new B;
  try { a->f(); } catch (std::exception &e) { std::cout << e.what() << text << std::endl; }
  std::thread t([] { text += "x"; std::cout << text << std::endl; });
  t.join();
  delete a;
}
X
for flags in '-fPIE -pie' '-fno-pie -no-pie' -static '-pie -Wl,-z,now' '-pie -Wl,-z,pack-relative-relocs' \
  '-ffunction-sections -Wl,--gc-sections' '-g -gz -Wl,--compress-debug-sections=zlib' '-pie -Wl,--no-relax'; do
  $GXX $flags -c main.cc
  if [ "$flags" = -static ]; then $GXX -c lib.cc -o lib.o; lib=lib.o; else
    $GXX -O2 -fPIC -shared -B"$LD_DIR" lib.cc -o lib.so; lib=lib.so; fi
  $GXX -B"$LD_DIR" $flags main.o $lib -o main
  [ "$(run ./main)" = $'throwntls\ntlsx' ]
done
# -r keeps what relaxation needs.
$GXX -O2 -g -c main.cc
$GXX -O2 -g -c lib.cc
$SWOLD -r main.o lib.o -o both.o
for linker in "-B$LD_DIR" ''; do
  $GXX $linker both.o -o main
  [ "$(run ./main)" = $'throwntls\ntlsx' ]
done
$GXX -B"$LD_DIR" both.o -o main
size=$(riscv64-linux-gnu-nm -S main | awk '$4 == "main" { print $2 }')
shows "$(printf 'DW_AT_high_pc.*0x%x$' $((16#$size)))" riscv64-linux-gnu-readelf --debug-dump=info main
