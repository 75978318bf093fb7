#!/bin/bash
# CMake configures and builds a library and a program with the linker.
. "$(dirname "$0")/../prelude.sh"

cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.20)
project(small C CXX)
add_library(part SHARED part.cc)
add_library(plugin MODULE fixed.c)
add_library(fixed STATIC fixed.c)
add_executable(main main.c)
target_link_libraries(main part "$<LINK_LIBRARY:WHOLE_ARCHIVE,fixed>")
END
echo '#include <string>
extern "C" int part() { return std::string("seven").size(); }' >part.cc
echo 'int fixed(void) { return 2; }' >fixed.c
echo 'int part(void); int fixed(void); int main(void) { return part() + fixed() - 7; }' >main.c
cmake -S . -B b -DCMAKE_EXE_LINKER_FLAGS=-B$LD_DIR -DCMAKE_SHARED_LINKER_FLAGS=-B$LD_DIR -DCMAKE_MODULE_LINKER_FLAGS=-B$LD_DIR \
  -DCMAKE_LINKER="$LD_DIR/ld" >log 2>&1 || { cat log >&2; fail configure; }
cmake --build b >log 2>&1 || { cat log >&2; fail build; }
b/main
linked_by_swold b/main b/libpart.so b/libplugin.so
