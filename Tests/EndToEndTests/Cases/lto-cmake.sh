#!/bin/bash
# CMake's check for link-time optimization finds it, with gcc and with clang.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.20)
project(p C)
include(CheckIPOSupported)
check_ipo_supported(RESULT ok OUTPUT why)
message(STATUS "IPO: ${ok} ${why}")
add_library(two STATIC b.c)
add_executable(m a.c)
target_link_libraries(m two)
set_property(TARGET m two PROPERTY INTERPROCEDURAL_OPTIMIZATION TRUE)
E
echo 'int two(void); int main(void) { return two() - 2; }' >a.c
echo 'int two(void) { return 2; }' >b.c
for compiler in gcc clang-19; do
  [ $compiler = gcc ] && flags=-B$LD_DIR || flags=--ld-path=$LD_DIR/ld.swold
  shows 'IPO: (YES|TRUE)' cmake -S . -B build-$compiler -DCMAKE_C_COMPILER=$compiler \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXE_LINKER_FLAGS="$flags"
  cmake --build build-$compiler >log 2>&1 || { cat log; fail "$compiler"; }
  ./build-$compiler/m
  lacks 'call.*<two>' objdump -d build-$compiler/m
  linked_by_swold build-$compiler/m
done
